// Many clients, few resources, bad networks, and time that jumps.

import { io } from "socket.io-client";
import { BadNetwork } from "../proxy.mjs";
import {
  ended,
  frame,
  handshakeHead,
  isOver,
  news,
  POLLING,
  pause,
  WEBSOCKET,
  write,
} from "../wire.mjs";

/** Clients of Socket.IO over another port. */
function clientsOf(port, count, options = {}) {
  return Array.from({ length: count }, () =>
    io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true, ...options }),
  );
}

function close(clients) {
  for (const client of clients) client.disconnect();
}

const connected = (client, patience = 20_000) =>
  client.connected ||
  Promise.race([
    new Promise((resolve) => client.once("connect", () => resolve(true))),
    pause(patience),
  ]);

/** Twenty stuck of twenty-one need more room than a heap of 64 MiB has. */
const stuck = (title, { count, bytes, events, more = {} }) => ({
  title,
  ...more,
  async attack({ scale, server, wires }) {
    const sockets = [];
    await wires.times(count, 10, async () => sockets.push(await wires.joined()));
    for (const socket of sockets) socket.pause();
    await server.ask("flood", { count: Math.round(events * scale), bytes });
    const closed = await ended(sockets, 4000);
    return {
      inputs: Math.round(events * scale),
      survivors: `${closed} of ${count} stuck ones closed`,
    };
  },
});

export const loadRows = [
  {
    ...stuck("50 stuck readers among 200", { count: 50, bytes: 2000, events: 20_000 }),
    async attack({ scale, server, wires }) {
      const [readers, readersStuck] = [150, 50];
      const sockets = [];
      await wires.times(readers + readersStuck, 20, async (at) => {
        const socket = await wires.joined();
        if (at < readersStuck) socket.pause();
        else socket.resume();
        sockets.push([socket, at < readersStuck]);
      });
      const events = Math.round(3000 * scale);
      await server.ask("flood", { count: events, bytes: 2000, every: 5 });
      await pause(500); // Readers that are lost are told so by then.
      const alive = sockets.filter(([socket, isStuck]) => !isStuck && !isOver(socket)).length;
      return {
        inputs: events,
        survivors: `${alive} of ${readers} readers`,
        problems: alive < readers ? ["readers were lost"] : [],
      };
    },
  },
  stuck("heap limited to 64 MiB, 20 stuck readers", {
    count: 20,
    bytes: 2000,
    events: 20_000,
    more: { heap: 64 },
  }),
  {
    title: "half-open TCP: 100 connections that fall silent",
    options: { pingInterval: 2000, pingTimeout: 4000 },
    async attack({ port, scale, server }) {
      const network = await new BadNetwork(port).open();
      const count = Math.round(100 * scale);
      const clients = clientsOf(network.port, count, { reconnection: false });
      await Promise.all(clients.map((client) => connected(client)));
      network.isSilent = true;
      await pause(9000); // An interval, a timeout, and some.
      const { clients: left } = await server.ask("settle");
      close(clients);
      network.close();
      const held = Math.max(0, left - 4);
      return {
        inputs: count,
        survivors: `${held} still held after 9 s`,
        problems: held > 0 ? ["held"] : [],
      };
    },
  },
  {
    title: "5 % loss and 64 kbit/s: 20 clients",
    async attack({ port, scale }) {
      const network = await new BadNetwork(port, { rate: 8000, loss: 0.05 }).open();
      const clients = clientsOf(network.port, 20);
      await Promise.all(clients.map((client) => connected(client)));
      const events = Math.max(1, Math.round(20 * scale));
      let answered = 0;
      const text = "x".repeat(500);
      await Promise.race([
        Promise.all(
          clients.map(async (client) => {
            for (let n = 0; n < events; n++) {
              await client.emitWithAck("ask", text);
              answered++;
            }
          }),
        ),
        pause(45_000), // The bound of the row.
      ]);
      close(clients);
      network.close();
      return {
        inputs: 20 * events,
        survivors: `${answered} of ${20 * events} answered`,
        problems: answered < 20 * events ? ["not all were answered"] : [],
      };
    },
  },
  {
    title: "10,000 reconnections with rooms churning",
    options: { connectionStateRecovery: {} },
    async attack({ scale, wires }) {
      const count = Math.round(10_000 * scale);
      let joined = 0;
      const until = performance.now() + 50_000;
      await wires.times(count, 20, async (at) => {
        if (performance.now() > until) return;
        const socket = await wires.joined();
        await write(socket, frame({ payload: `42["room","r${at % 100}","s${at}"]` }));
        await write(socket, frame({ payload: `42["say","r${at % 100}","x"]` }));
        socket.resetAndDestroy();
        joined++;
      });
      return { inputs: joined };
    },
  },
  {
    title: "1,000 upgrade races",
    async attack({ scale, wires }) {
      const count = Math.round(1000 * scale);
      let twice = 0;
      await wires.times(count, 20, async () => {
        const sid = await wires.session();
        const candidates = await Promise.all([1, 2, 3].map(() => wires.connect()));
        const probed = candidates.map((socket) => news(socket, "3probe", 1000));
        for (const socket of candidates) socket.write(handshakeHead(`${WEBSOCKET}&sid=${sid}`));
        await pause(5);
        for (const socket of candidates) {
          if (!isOver(socket)) socket.write(Buffer.from(frame({ payload: "2probe" })));
        }
        const wins = (await Promise.all(probed)).filter((text) => text.includes("3probe")).length;
        if (wins > 1) twice++;
        for (const socket of candidates) socket.destroy();
        await wires.request("POST", `${POLLING}&sid=${sid}`, { body: "1", patience: 1000 });
      });
      return {
        inputs: count,
        survivors: `${twice} sessions with two candidates`,
        problems: twice > 0 ? ["two candidates were probed"] : [],
      };
    },
  },
  {
    title: "file descriptors exhausted: 128 of them, 400 connections",
    descriptors: 128,
    harmsHealthy: "clients that poll need descriptors too",
    async attack({ server, wires }) {
      const sockets = [];
      await wires.times(400, 50, async () => sockets.push(await wires.connect()));
      await pause(2000); // They stay, and wait for a descriptor.
      for (const socket of sockets) socket.destroy();
      await pause(1000); // The ends arrive.
      const answer = await wires.request("GET", POLLING);
      await server.ask("settle");
      const isServed = answer.startsWith("HTTP/1.1 200");
      return {
        inputs: 400,
        survivors: `afterwards: ${answer.slice(9, 12)}`,
        problems: isServed ? [] : ["not served afterwards"],
      };
    },
  },
  ...[3_600_000, -3_600_000].map((ms) => ({
    title: `wall clock ${ms > 0 ? "+" : "−"}1 h`,
    options: { pingInterval: 2000, pingTimeout: 5000 },
    async attack({ server }) {
      await server.ask("shiftClock", { ms });
      await pause(9000); // An interval, a timeout, and some.
      const { clients } = await server.ask("settle");
      return { inputs: 1, survivors: `${Math.min(4, clients)} of 4 clients` };
    },
  })),
  {
    title: "event loop stalled 5 s",
    options: { pingInterval: 4000, pingTimeout: 8000 },
    stalls: "the server itself stands still",
    async attack({ server }) {
      await server.ask("stall", { ms: 5000 });
      await pause(6000); // What is overdue is found by then.
      const { clients } = await server.ask("settle");
      return { inputs: 1, survivors: `${Math.min(4, clients)} of 4 clients` };
    },
  },
];
