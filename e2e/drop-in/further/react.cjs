// socket.io-react-hook and redux-socket.io in a page of jsdom: a hook's socket and last message, actions to the server and back.

const assert = require("node:assert/strict");
const { JSDOM } = require("jsdom");
const { Server } = require("socket.io");

const { window } = new JSDOM("<div id='root'></div>", { url: "http://localhost/" });
Object.assign(globalThis, { window, document: window.document, location: window.location });
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });

const React = require("react");
const { createRoot } = require("react-dom/client");
const createMiddleware = require("redux-socket.io").default;
const { IoProvider, useSocket, useSocketEvent } = require("socket.io-react-hook");

function Page({ onMessage, url }) {
  const { socket, connected } = useSocket(url, { reconnection: false });
  const { lastMessage } = useSocketEvent(socket, "echoed");
  React.useEffect(() => {
    if (connected) socket.emit("echo", 7);
  }, [connected, socket]);
  if (lastMessage !== undefined) onMessage([lastMessage, connected, socket]);
  return React.createElement("p", null, String(lastMessage));
}

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const io = new Server(0, { cors: { origin: "*" } });
  io.on("connection", (socket) => {
    socket.on("echo", (value) => socket.emit("echoed", value));
    socket.on("action", ({ type, data }) => socket.emit("action", { type: type.slice(7), data }));
  });
  const url = `http://127.0.0.1:${io.httpServer.address().port}`;
  const [value, connected, socket] = await new Promise((onMessage) => {
    const page = React.createElement(Page, { onMessage, url });
    const root = createRoot(document.getElementById("root"));
    root.render(React.createElement(IoProvider, null, page));
  });
  assert.deepEqual([value, connected], [7, true]);
  socket.disconnect();
  const client = open(url);
  await next(client, "connect");
  const dispatched = new Promise((resolve) => {
    const handle = createMiddleware(client, "server/")({ dispatch: resolve })((action) => action);
    handle({ type: "server/hello", data: 1 });
  });
  assert.deepEqual(await dispatched, { type: "hello", data: 1 });
  client.disconnect();
  await io.close();
  report(["hook", "redux"]);
  process.exit();
}

void main();
