import { Server } from "@sockeye/node";
import { eachOnce } from "./each-once.mjs";

const io = new Server(3000);

// #region shown
const answers = new Map();
io.on("connection", (socket) => {
  eachOnce(socket, answers);
  socket.on("order", (order, answer) => answer(`${order} taken`));
});
// #endregion shown
