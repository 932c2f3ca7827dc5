// Our server in Durable Objects, in Cloudflare's runtime: an object for each server. Commands and reports go through a
// WebSocket to the object. A server's port is one of a few that lead into the same Worker.

import { join } from "node:path";
import { Workerd } from "../workers/workerd.mjs";
import { relay } from "./agent.mjs";

const PORTS = 4;

const workerd = await Workerd.start(join(import.meta.dirname, "workers-object.mjs"), {
  entrypoints: Array.from({ length: PORTS }, (_, at) => `port${at}`),
});
const ports = await Promise.all(
  Array.from({ length: PORTS }, (_, at) => workerd.portOf(`port${at}`)),
);

/** The way to the agent in one object. */
async function openObject(number, publish) {
  const response = await workerd.fetch(`http://control/?server=${number}&port=${number % PORTS}`, {
    headers: { upgrade: "websocket" },
  });
  const ws = response.webSocket;
  ws.accept();
  const waiting = new Map();
  let last = 0;
  ws.addEventListener("message", ({ data }) => {
    const { id, value, error, report } = JSON.parse(data);
    if (report !== undefined) {
      publish({ ...report, server: number });
      return;
    }
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  });
  const send = (command) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      ws.send(JSON.stringify({ id: last, command }));
    });
  return { send, close: () => ws.close() };
}

relay((publish) => {
  const objects = new Map();
  let last = 0;
  return {
    async handle(command) {
      if (command.kind === "start") {
        const number = ++last;
        const object = await openObject(number, publish);
        await object.send(command);
        objects.set(number, object);
        return { server: number, port: ports[number % PORTS] };
      }
      const { server } = command;
      const object = objects.get(server);
      // Each object has one server.
      const value = await object.send({ ...command, server: 1 });
      if (command.kind === "stop") {
        objects.delete(server);
        object.close();
      }
      return value;
    },
    uncaught(error) {
      const report = { owner: "server", name: "uncaught", args: [String(error)] };
      for (const server of objects.keys()) publish({ server, ...report });
    },
  };
});
