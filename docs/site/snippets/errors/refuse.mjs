import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";

const server = new Server(3000);
// #region server
server.use((socket, next) => {
  const error = Object.assign(new Error("not you"), { data: { code: "TOKEN_EXPIRED" } });
  next(error);
});
// #endregion server

const socket = io("http://localhost:3000");
// #region client
socket.on("connect_error", (error) => {
  console.log(error.message, error.data?.code); // not you TOKEN_EXPIRED
});
// #endregion client
socket.on("connect_error", () => {
  socket.disconnect();
  void server.close();
});
