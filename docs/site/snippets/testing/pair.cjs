const { once } = require("node:events");
const { io } = require("@sockeye/client");
const { Server } = require("@sockeye/node");

/** A server of its own, a client, and the server's socket for that client. */
exports.createPair = async (register, options = {}) => {
  const server = new Server(0, { serveClient: false, ...options });
  register(server);
  const url = `http://127.0.0.1:${server.httpServer.address().port}`;
  const clients = [];
  const open = async (settings = {}) => {
    const client = io(url, { forceNew: true, transports: ["websocket"], ...settings });
    clients.push(client);
    const refused = once(client, "connect_error").then(([error]) => Promise.reject(error));
    const connected = Promise.all([once(server, "connection"), once(client, "connect")]);
    const [[socket]] = await Promise.race([connected, refused]);
    return { client, socket };
  };
  const close = async () => {
    for (const client of clients) client.disconnect();
    await server.close();
  };
  return { server, url, open, close, ...(await open()) };
};
