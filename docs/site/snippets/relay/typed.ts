import { Server } from "@sockeye/node";

// #region shown
interface Shared {
  cursor: (x: number, y: number) => void;
}
interface ClientToServer extends Shared {
  save: (name: string) => void;
}

const io = new Server<ClientToServer, Shared>(3000);
io.on("connection", (socket) => {
  socket.relay("cursor");
  // @ts-expect-error: the server does not send it
  socket.relay("save");
});
// #endregion shown
