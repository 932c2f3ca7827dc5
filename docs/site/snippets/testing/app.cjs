/** An application: rooms with a history, and a time after which a silent client is disconnected. */
exports.register = (io, { idle = 60_000 } = {}) => {
  const history = new Map();

  io.on("connection", (socket) => {
    let timer = setTimeout(() => socket.disconnect(true), idle);
    socket.onAny(() => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.disconnect(true), idle);
    });
    socket.on("disconnect", () => clearTimeout(timer));

    socket.on("join", (room, done) => {
      socket.join(room);
      done(history.get(room) ?? []);
    });
    socket.on("say", (room, text) => {
      history.set(room, [...(history.get(room) ?? []), text]);
      io.to(room).emit("said", text);
    });
  });
};
