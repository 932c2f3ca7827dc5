// Our client, which connects to a malicious server again and again.

import { io } from "@sockeye/client";

const { url } = JSON.parse(process.argv[2]);
const uncaught = [];
process.on("uncaughtException", (error) => uncaught.push(String(error.stack).slice(0, 300)));
process.on("unhandledRejection", (error) =>
  uncaught.push(String(error?.stack ?? error).slice(0, 300)),
);

const ATTEMPT_MS = 60;

function attempt(transports) {
  const client = io(url, { transports, reconnection: false, forceNew: true, timeout: 1000 });
  for (const name of ["x", "__proto__", "constructor", "connect_error"]) client.on(name, () => {});
  client.emit("ask", 1, () => {});
  return new Promise((resolve) => {
    setTimeout(() => {
      client.disconnect();
      resolve();
    }, ATTEMPT_MS);
  });
}

const operations = {
  async try({ count }) {
    for (let at = 0; at < count; at += 8) {
      const some = Array.from({ length: 8 }, (_, n) =>
        attempt([n % 4 === 3 ? "polling" : "websocket"]),
      );
      await Promise.all(some);
    }
  },
  look: () => ({ uncaught, polluted: {}.polluted !== undefined }),
};

process.on("message", async ({ id, op, ...more }) => {
  process.send({ id, value: await operations[op](more) });
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
