import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000, { maxHttpBufferSize: 5_000_000 });
// #region server
server.on("connection", (socket) => {
  socket.on("picture", (name, bytes, answer) => {
    console.log(name, Buffer.isBuffer(bytes), bytes.length); // cat.png true 4
    answer({ size: bytes.length });
  });
});
// #endregion server

const socket = io("http://localhost:3000");
// #region client
const file = new Blob([new Uint8Array([137, 80, 78, 71])]); // or the file of an <input type="file">
const { size } = await socket.emitWithAck("picture", "cat.png", await file.arrayBuffer());
console.log(size); // 4
// #endregion client
socket.disconnect();
await server.close();
