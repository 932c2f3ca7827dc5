import { createReadStream } from "node:fs";
import { Server } from "@sockeye/node";

const io = new Server(3000);
io.on("connection", async (socket) => {
  // #region shown
  for await (const chunk of createReadStream("large.bin")) {
    socket.emit("chunk", chunk);
    await socket.drained();
  }
  // #endregion shown
});
