// A package that was written for Socket.IO: answers and asks, with the server and the client that it requires.

const { Server } = require("socket.io");
const { io } = require("socket.io-client");

exports.Server = Server;

exports.serve = (http) => {
  const server = new Server(http);
  server.on("connection", (socket) => {
    socket.on("notify", (text, answer) => answer(`heard ${text}`));
  });
  return server;
};

exports.notify = async (url, text) => {
  const socket = io(url, { forceNew: true });
  try {
    return await socket.timeout(5000).emitWithAck("notify", text);
  } finally {
    socket.disconnect();
  }
};
