// A server on Deno with WebTransport, and the page that connects to it. The plan comes as JSON in the first argument, and
// the address leaves as a line of JSON. Pages ask it over plain requests what it has seen.

import process from "node:process";
import { Server } from "@sockeye/deno";

const { cert, files, hash, key, options } = JSON.parse(process.argv[2]);
/** What has happened, since a page has asked last. */
const log = [];
const io = new Server({ transports: ["polling", "websocket", "webtransport"], ...options });

function page(client) {
  const plan = JSON.stringify({ client, hash });
  const scripts = [`/${client}.js`, "/page.js"].map((src) => `<script src="${src}"></script>`);
  return `<!doctype html><meta charset="utf-8"><script>plan = ${plan}</script>${scripts.join("")}`;
}

const routes = {
  "/log": () => Response.json(log.splice(0)),
  "/close-connections": () => {
    for (const connection of Object.values(io.engine.clients)) connection.close();
    return new Response();
  },
  "/close": () => {
    // The server waits for its requests, this one among them.
    setTimeout(() => void io.close().then(() => console.log(JSON.stringify({ isClosed: true }))));
    return new Response();
  },
};

function answer(request) {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname in routes) return routes[pathname]();
  if (pathname in files) {
    return new Response(files[pathname], { headers: { "content-type": "text/javascript" } });
  }
  const headers = { "content-type": "text/html" };
  return new Response(page(searchParams.get("client")), { headers });
}

io.on("connection", (socket) => {
  let received = 0;
  let sent = 0;
  let isInOrder = true;
  let timer;
  log.push(["connection", socket.conn.transport.name]);
  socket.conn.on("upgrade", ({ name }) => log.push(["upgrade", name]));
  socket.on("disconnect", (reason, details) => {
    clearInterval(timer);
    log.push(["disconnect", reason, details?.message ?? null]);
  });
  socket.on("echo", (...values) => values.pop()(...values));
  socket.on("request", (reply) => {
    const { address, secure, url } = socket.handshake;
    reply({ address, method: socket.request.method, path: url.split("?")[0], secure });
  });
  socket.on("length", (value, reply) => reply(value.length));
  socket.on("send", (size) => socket.emit("sent", new Uint8Array(size).fill(7)));
  // Numbers in both directions, in bursts.
  socket.on("start", () => {
    timer = setInterval(() => {
      for (let burst = 0; burst < 5; burst++) socket.emit("down", sent++);
    }, 1);
  });
  socket.on("up", (number) => {
    isInOrder &&= number === received;
    received++;
  });
  socket.on("stop", (reply) => {
    clearInterval(timer);
    reply({ isInOrder, received, sent });
  });
  socket.on("last words", () => {
    for (let count = 0; count < 10; count++) socket.emit("word", "x".repeat(3_000));
    socket.disconnect(true);
  });
});

io.listen({ port: 0, hostname: "127.0.0.1", cert, key, fetch: answer });
io.engine.on("connection_error", ({ context }) => log.push(["refused", context.reason]));
console.log(JSON.stringify({ port: io.httpServer.addr.port }));
