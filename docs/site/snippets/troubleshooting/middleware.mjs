import { Server } from "@sockeye/node";

const io = new Server(3000);

// #region shown
io.use((socket, next) => {
  if (socket.handshake.auth.token === "secret") next();
  else next(new Error("not you")); // every way ends in next
});
io.diagnostics.core.middlewareStalled.subscribe(({ kind, nsp, waited }) => {
  console.warn(`${kind} of ${nsp} has not called next for ${waited} ms`);
});
// #endregion shown
