// The server of the tests that need it in a process of its own. Plain JavaScript, run by Node as it is.
// Reports to its parent: "ready" (port), "connection" (id), "disconnect" (id, reason), every event by its
// name, and "uncaught" (message) when it was asked to survive.
import { createServer } from "node:http";

const { module, port = 0, options = {}, survives = false } = JSON.parse(process.argv[2]);
const { Server } = await import(module);

const report = (name, ...args) => process.send({ name, args });

if (survives) {
  process.on("uncaughtException", (error) => report("uncaught", error.message));
}

const http = createServer();
const io = new Server(http, options);

// "ask" is acknowledged with its arguments, "note" is reported; "throw…" fail in their listeners; "exit" ends the process
// with "bye" as its last word.
function welcome(socket) {
  report("connection", socket.id, socket.nsp.name);
  socket.on("disconnect", (reason) => report("disconnect", socket.id, reason));
  socket.on("ask", (...args) => {
    const reply = args.pop();
    if (typeof reply === "function") reply(...args);
  });
  socket.on("throw", () => {
    throw new Error("thrown by a listener");
  });
  socket.on("throw later", async () => {
    await Promise.resolve();
    throw new Error("thrown by an async listener");
  });
  socket.on("ask me", () => {
    socket.emit("question", () => {
      throw new Error("thrown by an acknowledgement");
    });
  });
  socket.onAny((name) => {
    if (name === "throw any") throw new Error("thrown by a catch-all listener");
  });
  socket.on("exit", (...args) => {
    socket.emit("bye", ...args);
    process.exit(1);
  });
  socket.on("note", (...args) => report("note", ...args));
}

io.on("connection", welcome);
io.of("/side").on("connection", welcome);
io.of("/faulty").on("connection", (socket) => {
  socket.on("disconnect", () => {
    throw new Error("thrown on disconnect");
  });
  throw new Error("thrown on connection");
});
process.on("disconnect", () => process.exit());
http.listen(port, "127.0.0.1", () => report("ready", http.address().port));
