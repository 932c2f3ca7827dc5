// laravel-echo with its Socket.IO connector: channels, whispers, the connection's status through a loss.

const assert = require("node:assert/strict");
const { Server } = require("socket.io");
const { io: client } = require("socket.io-client");

async function main() {
  const { default: Echo } = await import("laravel-echo");
  const { report } = await import("./conversation.mjs");
  const io = new Server(0);
  const subscribed = [];
  io.on("connection", (socket) => {
    socket.on("subscribe", ({ channel }) => {
      subscribed.push(channel);
      void socket.join(channel);
      io.to(channel).emit("App\\Events\\Made", channel, { id: 7 });
    });
    socket.on("client event", ({ channel, event, data }) => {
      io.to(channel).emit(event, channel, data);
    });
  });
  const { port } = io.httpServer.address();
  const host = `http://127.0.0.1:${port}`;
  const echo = new Echo({ broadcaster: "socket.io", client, host, reconnectionDelay: 50 });
  assert.equal(echo.connectionStatus(), "connecting");
  const made = await new Promise((resolve) => echo.channel("orders").listen("Made", resolve));
  assert.deepEqual(made, { id: 7 });
  const whispered = new Promise((resolve) =>
    echo.private("chat").listenForWhisper("typing", resolve),
  );
  echo.private("chat").whisper("typing", { by: "Ada" });
  assert.deepEqual(await whispered, { by: "Ada" });
  const { socket } = echo.connector;
  const back = new Promise((resolve) => {
    const stop = echo.connector.onConnectionChange((status) => {
      if (status !== "connected") return;
      stop();
      resolve();
    });
  });
  const during = new Promise((resolve) => {
    socket.io.once("reconnect_attempt", () => resolve(echo.connectionStatus()));
  });
  const again = new Promise((resolve) => {
    io.on("connection", (socket) => socket.on("subscribe", resolve));
  });
  socket.io.engine.close();
  assert.equal(await during, "reconnecting");
  await Promise.all([back, again]);
  assert.equal(echo.connectionStatus(), "connected");
  echo.leave("orders");
  echo.disconnect();
  assert.equal(echo.connectionStatus(), "connecting");
  await io.close();
  report(["channel", "whisper", "status"]);
  process.exit();
}

void main();
