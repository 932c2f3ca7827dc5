// What is in packets: names that objects have by birth, depth, numbers of packets and namespaces.

import { ended, frame, isOver, POLLING, write } from "../wire.mjs";

const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "then",
  "hasOwnProperty",
  "valueOf",
  "splice",
];

export const packetRows = [
  {
    title:
      "names of prototypes as event, namespace, room, ack id, sid, transport, query key, auth key",
    async attack({ scale, wires }) {
      let inputs = 0;
      const rounds = Math.max(1, Math.round(20 * scale));
      await wires.times(rounds * NAMES.length, 10, async (at) => {
        const name = NAMES[at % NAMES.length];
        const json = JSON.stringify(name);
        const texts = [
          `42[${json},1]`,
          `421[${json}]`,
          `40/${name},`,
          `42/${name},["ask"]`,
          `42["room",${json}]`,
          `42["say",${json},1]`,
          `43${name}[1]`,
          `40{${json}:1}`,
          `42["relay",{${json}:{${json}:1}}]`,
        ];
        for (const text of texts) {
          const socket = await wires.joined();
          await write(socket, frame({ payload: text }));
          socket.resume();
          socket.end();
          inputs++;
        }
        for (const query of [`sid=${name}`, `${name}=1`, `${name}[${name}]=1`]) {
          await wires.request("GET", `${POLLING}&${query}`, { patience: 2000 });
          inputs++;
        }
        await wires.request("GET", `/socket.io/?EIO=4&transport=${name}`, { patience: 2000 });
        inputs++;
      });
      return { inputs };
    },
  },
  {
    title: "nesting of 1e5 levels",
    async attack({ scale, wires }) {
      const depth = 100_000;
      const bodies = [
        "[".repeat(depth) + "]".repeat(depth),
        `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
      ];
      const count = Math.max(2, Math.round(20 * scale));
      const sockets = [];
      await wires.times(count, 4, async (at) => {
        const socket = await wires.joined();
        sockets.push(socket);
        await write(socket, frame({ payload: `42["relay",${bodies[at % 2]}]` }));
      });
      const closed = await ended(sockets, 8000);
      return {
        inputs: count,
        survivors: `${closed} of ${count} closed`,
      };
    },
  },
  {
    title: "1e5 packets in one payload",
    async attack({ scale, wires }) {
      let inputs = 0;
      await wires.times(Math.max(1, Math.round(10 * scale)), 2, async () => {
        const path = `${POLLING}&sid=${await wires.session()}`;
        await wires.request("POST", path, { body: "40" });
        const packets = Array.from({ length: 100_000 }, () => '42["a"]');
        await wires.request("POST", path, { body: packets.join("\u001e"), patience: 20_000 });
        inputs += packets.length;
        await wires.request("POST", path, { body: "1" });
      });
      return { inputs };
    },
  },
  {
    title: "1e4 namespaces from a pattern, on each of two connections",
    async attack({ scale, wires }) {
      const count = Math.round(10_000 * scale);
      const sockets = await Promise.all([wires.joined(), wires.joined()]);
      await Promise.all(
        sockets.map(async (socket, at) => {
          socket.resume();
          for (let number = 0; number < count; number++) {
            await write(socket, frame({ payload: `40/n${at * count + number},` }));
          }
        }),
      );
      return {
        inputs: 2 * count,
        survivors: `${sockets.filter((each) => !isOver(each)).length} of 2 open`,
      };
    },
  },
];
