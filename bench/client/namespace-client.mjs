// The client under test in a process of its own: joins so many namespaces over one connection, again and again, leaves
// them one after the other, and reports its own CPU for each, in milliseconds: the least of all rounds.

import { ownCpuSeconds } from "../kit/process-figures.mjs";

const { count, module, port, rounds } = JSON.parse(process.argv[2] ?? "{}");
const { Manager } = await import(module);

/** Milliseconds of CPU that a piece of work takes. @param {() => unknown} work */
async function cpuMs(work) {
  const before = ownCpuSeconds();
  await work();
  return (ownCpuSeconds() - before) * 1000;
}

async function round() {
  const manager = new Manager(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    autoConnect: false,
  });
  await new Promise((resolve) => manager.open(resolve));
  /** @type {any[]} */
  const sockets = [];
  const openMs = await cpuMs(() => {
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      let left = count;
      for (let index = 0; index < count; index++) {
        const socket = manager.socket(`/n${index}`);
        sockets.push(socket);
        socket.once("connect", () => --left === 0 && resolve());
        socket.connect();
      }
    });
  });
  const closeMs = await cpuMs(() => {
    for (const socket of sockets) socket.disconnect();
  });
  manager._close?.();
  return { openMs, closeMs };
}

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
const results = [];
for (let done = 0; done < rounds; done++) results.push(await round());
process.send?.({
  kind: "result",
  openMs: Math.min(...results.map(({ openMs }) => openMs)),
  closeMs: Math.min(...results.map(({ closeMs }) => closeMs)),
});
