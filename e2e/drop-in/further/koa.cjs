// koa-socket-2: middleware, events and broadcasts of two namespaces in a Koa application.

const assert = require("node:assert/strict");
const Koa = require("koa");
const IO = require("koa-socket-2");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const app = new Koa();
  const io = new IO();
  const chat = new IO("chat");
  io.attach(app);
  chat.attach(app);
  const passed = [];
  io.use(async (context, proceed) => {
    passed.push(context.event);
    await proceed();
  });
  io.on("echo", (context, data) => context.socket.emit("echo", data));
  io.on("add", (context, [a, b]) => context.acknowledge(a + b));
  chat.on("all", (_context, text) => chat.broadcast("said", text));
  const server = app.listen(0);
  const url = `http://127.0.0.1:${server.address().port}`;
  const [client, talker] = [open(url), open(`${url}/chat`)];
  await Promise.all([next(client, "connect"), next(talker, "connect")]);
  const echoed = next(client, "echo");
  client.emit("echo", { a: 1 });
  assert.deepEqual(await echoed, [{ a: 1 }]);
  assert.equal(await client.timeout(5000).emitWithAck("add", [1, 2]), 3);
  const said = next(talker, "said");
  talker.emit("all", "x");
  assert.deepEqual(await said, ["x"]);
  assert.deepEqual(passed, ["echo", "add"]);
  assert.equal(io.connections.size, 1);
  client.disconnect();
  talker.disconnect();
  report(["middleware", "events", "namespace"]);
  process.exit();
}

void main();
