// moleculer-io: actions called by events, rooms by an action, a namespace that is removed and registered again.

const assert = require("node:assert/strict");
const { ServiceBroker } = require("moleculer");
const SocketIOService = require("moleculer-io");

async function main() {
  const { next, open, report } = await import("./conversation.mjs");
  const broker = new ServiceBroker({ logger: false });
  const service = broker.createService({
    name: "io",
    mixins: [SocketIOService],
    settings: {
      port: 0,
      io: {
        namespaces: {
          "/": { events: { call: {} } },
          "/other": { events: { call: {} } },
        },
      },
    },
  });
  broker.createService({
    name: "math",
    actions: {
      add: ({ params: { a, b } }) => a + b,
      join(context) {
        context.meta.$join = "room";
        return context.meta.$rooms.length;
      },
    },
  });
  await broker.start();
  const url = `http://127.0.0.1:${service.io.httpServer.address().port}`;
  const [client, other] = [open(url), open(`${url}/other`)];
  await Promise.all([next(client, "connect"), next(other, "connect")]);
  const call = (action, params) =>
    new Promise((resolve, reject) => {
      client.emit("call", action, params, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
  assert.equal(await call("math.add", { a: 1, b: 2 }), 3);
  assert.equal(await call("math.join"), 1);
  const news = next(client, "news");
  await broker.call("io.broadcast", { event: "news", args: [7], rooms: ["room"] });
  assert.deepEqual(await news, [7]);
  const gone = next(other, "disconnect");
  service.removeNamespace("/other");
  await gone;
  const refused = open(`${url}/other`);
  assert.equal((await next(refused, "connect_error"))[0].message, "Invalid namespace");
  service.registerNamespace("/other", "/other", {});
  const again = open(`${url}/other`);
  await next(again, "connect");
  for (const each of [client, other, refused, again]) each.disconnect();
  await broker.stop();
  report(["action", "room", "namespace"]);
  process.exit();
}

void main();
