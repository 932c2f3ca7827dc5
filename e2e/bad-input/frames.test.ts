// Bad WebSocket frames: in the very segment of the handshake, on a joined connection, and in floods.

import { deflateRawSync } from "node:zlib";
import { type FramePlan, frame, handshakeHead } from "@sockeye/testkit/black-box";
import { expect } from "vitest";
import { openTcp, type RawTcp } from "../kit/raw-tcp.ts";
import { type Arena, type Attack, BASE, registerAttacks } from "./arena.ts";

const HEAD = handshakeHead(`${BASE}&transport=websocket`);

/** The code of the close frame that ends what was received; 1005 for one without, 1006 for none. */
function closeCodeIn(received: string): number {
  const bytes = Buffer.from(received, "latin1").subarray(-130);
  // It is the last frame, so its payload reaches to the end.
  const at = bytes.findIndex((byte, n) => byte === 0x88 && bytes[n + 1] === bytes.length - n - 2);
  if (at < 0) return 1006;
  return at + 2 === bytes.length ? 1005 : bytes.readUInt16BE(at + 2);
}

/** A bare connection that has become a session joined to `/`. */
async function joinedTcp(arena: Arena, head = HEAD): Promise<RawTcp> {
  const tcp = await openTcp(arena.port);
  tcp.write(head);
  await tcp.expect('"sid"');
  tcp.write(frame({ payload: "40" }));
  await tcp.expect('40{"sid"');
  return tcp;
}

async function inTheHandshake(arena: Arena, frames: readonly FramePlan[]): Promise<unknown> {
  using tcp = await openTcp(arena.port);
  tcp.write(Buffer.concat([Buffer.from(HEAD), ...frames.map(frame)]));
  const received = await tcp.ended();
  return [received.slice(0, 12), closeCodeIn(received)];
}

async function onceJoined(arena: Arena, frames: readonly FramePlan[]): Promise<unknown> {
  using tcp = await joinedTcp(arena);
  tcp.write(Buffer.concat(frames.map(frame)));
  return closeCodeIn(await tcp.ended());
}

const rules: readonly (readonly [title: string, frames: readonly FramePlan[], code: number])[] = [
  ["reserved bits", [{ reserved: 7, payload: "x" }], 1002],
  ["compressed without an agreement", [{ reserved: 4, payload: "x" }], 1002],
  ["an unknown opcode", [{ opcode: 3, payload: "x" }], 1002],
  ["an unmasked frame", [{ masked: false, payload: "4x" }], 1002],
  ["a control frame of 126 bytes", [{ opcode: 9, payload: "x".repeat(126) }], 1002],
  ["a control frame in pieces", [{ opcode: 9, payload: "x", fin: false }], 1002],
  ["a continuation of nothing", [{ opcode: 0, payload: "x" }], 1002],
  ["a new message inside another", [{ payload: "4", fin: false }, { payload: "4" }], 1002],
  ["text that is no UTF-8", [{ payload: Buffer.from([0x34, 0xff, 0xfe]) }], 1007],
  ["text cut inside a character", [{ payload: Buffer.from([0x34, 0xc3]) }], 1007],
  ["a close frame of one byte", [{ opcode: 8, payload: "x" }], 1002],
  [
    "a close frame with a forbidden code",
    [{ opcode: 8, payload: Buffer.from([0x03, 0xec]) }],
    1002,
  ],
  ["a length above every number", [{ claim: 2n ** 63n - 1n }], 1009],
  ["a length above the limit", [{ claim: 1_000_001n }], 1009],
  [
    "a message above the limit in pieces",
    [
      { payload: "4".repeat(900_000), fin: false },
      { opcode: 0, payload: "x".repeat(200_000) },
    ],
    1009,
  ],
];

const singles: readonly Attack[] = rules.flatMap(([title, frames, code]): readonly Attack[] => [
  {
    title: `in the segment of the handshake: ${title}`,
    act: (arena) => inTheHandshake(arena, frames),
    expect: ["HTTP/1.1 101", code],
  },
  {
    title: `on a joined connection: ${title}`,
    act: (arena) => onceJoined(arena, frames),
    expect: code,
  },
]);

const endings: readonly Attack[] = [
  ...["4", "", "9", "0", "2", "3", "1", "b%", "5", "6"].map(
    (payload): Attack => ({
      title: `in the segment of the handshake, and reset at once: ${JSON.stringify(payload)}`,
      act: async (arena) => {
        for (let n = 0; n < 5; n++) {
          const tcp = await openTcp(arena.port);
          tcp.write(Buffer.concat([Buffer.from(HEAD), frame({ payload })]));
          tcp.reset();
        }
        return "done";
      },
      expect: "done",
    }),
  ),
  {
    title: "half a frame, and reset",
    act: async (arena) => {
      const tcp = await joinedTcp(arena);
      tcp.write(frame({ payload: "42[", claim: 1000n }));
      tcp.reset();
      return "done";
    },
    expect: "done",
  },
];

const floods: readonly Attack[] = [
  {
    title: "a flood of empty pieces is cut",
    act: async (arena) => {
      using tcp = await joinedTcp(arena);
      const empty = frame({ opcode: 0, fin: false });
      tcp.write(
        Buffer.concat([
          frame({ payload: "4", fin: false }),
          ...Array.from({ length: 40_000 }, () => empty),
        ]),
      );
      return closeCodeIn(await tcp.ended());
    },
    expect: 1008,
  },
  {
    title: "a flood of pieces of one byte is cut",
    act: async (arena) => {
      using tcp = await joinedTcp(arena);
      const piece = frame({ opcode: 0, fin: false, payload: "x" });
      tcp.write(
        Buffer.concat([
          frame({ payload: "4", fin: false }),
          ...Array.from({ length: 300_000 }, () => piece),
        ]),
      );
      return closeCodeIn(await tcp.ended());
    },
    expect: 1008,
  },
  {
    title: "twenty thousand events in one segment are all read",
    act: async (arena) => {
      using tcp = await joinedTcp(arena);
      const event = frame({ payload: '42["x"]' });
      tcp.write(
        Buffer.concat([
          ...Array.from({ length: 20_000 }, () => event),
          frame({ payload: '421["ask","end"]' }),
        ]),
      );
      await tcp.expect('431["end"]');
      return "read";
    },
    expect: "read",
  },
  {
    title: "pings whose answers are never read are cut",
    act: async (arena) => {
      using tcp = await joinedTcp(arena);
      tcp.pause();
      const pings = Buffer.concat(
        Array.from({ length: 5000 }, () => frame({ opcode: 9, payload: "p".repeat(125) })),
      );
      for (let n = 0; n < 40; n++) tcp.write(pings);
      await tcp.broken();
      return "cut";
    },
    expect: "cut",
    onlyOurs: "its version of ws keeps every answer",
  },
];

const DEFLATE = handshakeHead(`${BASE}&transport=websocket`, [
  "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover",
]);

const bombs: readonly Attack[] = [
  {
    title: "a compressed message that unfolds to a hundred times the limit",
    act: async (arena) => {
      using tcp = await joinedTcp(arena, DEFLATE);
      tcp.write(frame({ reserved: 4, payload: deflateRawSync(Buffer.alloc(100_000_000)) }));
      return closeCodeIn(await tcp.ended());
    },
    expect: 1009,
  },
  {
    title: "a compressed message that is none",
    act: async (arena) => {
      using tcp = await joinedTcp(arena, DEFLATE);
      tcp.write(frame({ reserved: 4, payload: Buffer.from([0xff, 0xff, 0xff, 0xff]) }));
      return closeCodeIn(await tcp.ended());
    },
    expect: expect.toSatisfy((code) => code === 1007 || code === 1002),
  },
];

registerAttacks("bad frames", [...singles, ...endings, ...floods]);
registerAttacks("bad frames, compressed", bombs, { perMessageDeflate: true });
