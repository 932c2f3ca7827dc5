// Frames and attachments: everything that one WebSocket can write.

import { ended, frame, handshakeHead, isOver, news, pause, WEBSOCKET, write } from "../wire.mjs";

/** A row in which each of some texts or frames is sent over a connection of its own; the server may close it. */
const each = (title, inputs, more = {}) => ({
  title,
  ...more,
  async attack({ scale, wires }) {
    const times = Math.max(1, Math.round((more.times ?? 20) * scale));
    const sockets = [];
    await wires.times(times * inputs.length, 20, async (at) => {
      const socket = await wires.joined();
      sockets.push(socket);
      for (const part of [inputs[at % inputs.length]].flat()) {
        await write(socket, typeof part === "string" ? frame({ payload: part }) : part);
      }
    });
    const closed = await ended(sockets, 3000);
    return { inputs: sockets.length, survivors: `${closed} of ${sockets.length} closed` };
  },
});

const attachment = (count, ...frames) => [
  `45${count}-["x",{"_placeholder":true,"num":0}]`,
  ...frames,
];
const bytes = (...list) => frame({ opcode: 2, payload: Uint8Array.from(list) });
const placeholder = (num) => [`451-["x",{"_placeholder":true,"num":${num}}]`, bytes(1)];

export const frameRows = [
  each("attachments: 0, 11, 10,001, 1e6, negative, never sent; `num` out of range, a word", [
    attachment(0),
    attachment(11),
    attachment(10_001),
    attachment(1_000_000),
    attachment("-1"),
    attachment(3, bytes(1)),
    placeholder(1),
    placeholder(-1),
    placeholder('"splice"'),
    placeholder('"__proto__"'),
    ['450-["x"]', bytes(1)],
    [bytes(1)],
  ]),
  {
    title: "a million one-byte fragments",
    async attack({ scale, wires }) {
      const count = Math.round(1_000_000 * scale);
      const one = Buffer.from(frame({ opcode: 0, fin: false, payload: "x" }));
      const many = Buffer.concat(Array.from({ length: 1000 }, () => one));
      let sent = 0;
      let closed = 0;
      while (sent < count) {
        const socket = await wires.joined();
        socket.resume();
        await write(socket, frame({ fin: false, payload: "4" }));
        for (; sent < count && !isOver(socket); sent += 1000) {
          await write(socket, many);
          // Its close is to be seen.
          await pause(1);
        }
        closed += await ended([socket], 1000);
      }
      return { inputs: sent, survivors: `${closed} connections closed` };
    },
  },
  each(
    "empty fragments, bad UTF-8, RSV bits, 64-bit lengths, control frames in pieces",
    [
      [
        ...Array.from({ length: 200 }, () => frame({ opcode: 1, fin: false })),
        frame({ opcode: 1 }),
      ],
      [frame({ payload: Uint8Array.of(0x34, 0xff, 0xfe) })],
      [frame({ payload: Uint8Array.of(0x34, 0xed, 0xa0, 0x80) })],
      [frame({ payload: "42", reserved: 4 })],
      [frame({ payload: "42", reserved: 1 })],
      [frame({ claim: 2n ** 63n })],
      [frame({ claim: 2n ** 53n })],
      [frame({ claim: 1_000_001n })],
      [frame({ opcode: 9, fin: false })],
      [frame({ opcode: 9, payload: new Uint8Array(126) })],
      [frame({ opcode: 3 })],
      [frame({ opcode: 8, payload: Uint8Array.of(0x03, 0xed) })],
      [frame({ payload: "42", masked: false })],
    ],
    { times: 10 },
  ),
  {
    title: "ping flood that is not read",
    async attack({ scale, wires }) {
      const ping = Buffer.from(frame({ opcode: 9, payload: new Uint8Array(120) }));
      const many = Buffer.concat(Array.from({ length: 500 }, () => ping));
      const sockets = await Promise.all(Array.from({ length: 10 }, () => wires.joined()));
      const until = performance.now() + 8000 * scale;
      let sent = 0;
      await Promise.all(
        sockets.map(async (socket) => {
          socket.pause();
          while (!isOver(socket) && performance.now() < until && sent < 2_000_000) {
            const isTaken = socket.write(many);
            sent += 500;
            // Nobody reads: there is nothing to wait for.
            if (!isTaken) await pause(50);
          }
        }),
      );
      return { inputs: sent, survivors: `${await ended(sockets, 5000)} of 10 closed` };
    },
  },
  {
    title: "byte by byte: handshakes and frames",
    async attack({ scale, wires }) {
      const count = Math.round(100 * scale);
      const payload = '42["ask",1]';
      const text = Buffer.concat([
        Buffer.from(handshakeHead(WEBSOCKET)),
        ...["40", payload].map((each) => Buffer.from(frame({ payload: each }))),
      ]);
      let sent = 0;
      let right = 0;
      await wires.times(count, 50, async () => {
        const socket = await wires.connect();
        socket.setNoDelay(true);
        const answer = news(socket, "40{", 50_000);
        for (const byte of text) {
          await write(socket, Buffer.of(byte));
          sent++;
          await pause(1);
        }
        if ((await answer).includes("40{")) right++;
      });
      return {
        inputs: sent,
        survivors: `${right} of ${count} served`,
        problems: right < count ? ["not all were served"] : [],
      };
    },
  },
  {
    title: "mutated frames over the network",
    async attack({ scale, wires }) {
      const valid = [
        '42["ask",{"a":[1,2]}]',
        '4213["ask",1]',
        "40/n1,",
        '451-["x",{"_placeholder":true,"num":0}]',
        "2",
        "3",
      ];
      const until = performance.now() + 15_000 * scale;
      let sent = 0;
      let closed = 0;
      await wires.times(8, 8, async (worker) => {
        let state = worker + 1;
        const below = (bound) => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return Math.floor((state / 2 ** 32) * bound);
        };
        while (performance.now() < until) {
          const socket = await wires.joined();
          socket.resume();
          while (!isOver(socket) && performance.now() < until) {
            const batch = [];
            for (let n = 0; n < 200; n++) {
              const made = Buffer.from(frame({ payload: valid[below(valid.length)] }));
              if (below(40) === 0) made[below(made.length)] = below(256);
              batch.push(made);
            }
            sent += 200;
            await write(socket, Buffer.concat(batch));
            await pause(1);
          }
          closed++;
        }
      });
      return { inputs: sent, survivors: `${closed} connections used` };
    },
  },
  {
    title: "deflate bomb: 1 kB becomes 1 GB",
    options: { perMessageDeflate: true },
    async attack({ scale, wires }) {
      const { constants, createDeflateRaw } = await import("node:zlib");
      const deflate = createDeflateRaw({ level: 9 });
      const parts = [];
      deflate.on("data", (part) => parts.push(part));
      const zeros = Buffer.alloc(1024 * 1024, 0x30);
      for (let times = 0; times < 1024 * scale; times++) {
        await new Promise((resolve) => deflate.write(zeros, resolve));
      }
      await new Promise((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
      const bomb = Buffer.concat(parts).subarray(0, -4);
      const upgrade = handshakeHead(WEBSOCKET).replace(
        "\r\n\r\n",
        "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
      );
      const sockets = [];
      for (let count = 0; count < 10; count++) {
        const socket = await wires.connect();
        socket.write(upgrade);
        await news(socket, "0{", 2000);
        await write(socket, frame({ payload: bomb.subarray(0, 900_000), reserved: 4 }));
        sockets.push(socket);
      }
      const closed = await ended(sockets, 10_000);
      return {
        inputs: sockets.length,
        survivors: `${closed} of ${sockets.length} closed`,
        problems: closed < sockets.length ? ["a bomb was taken"] : [],
      };
    },
  },
];
