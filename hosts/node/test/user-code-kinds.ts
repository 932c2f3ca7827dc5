// The kinds of functions that an application gives to sockets, namespaces and adapters, each with what makes it fail
// and with what becomes of it. The table of docs/user-code.md is checked against these rows, and these by tests.

import { Decoder, Encoder, type Packet } from "socket.io-parser";
import { ADAPTER_EVENTS, ADAPTER_METHODS } from "./adapter-kinds.ts";
import {
  type Answer,
  both,
  going,
  type Kind,
  type Outcome,
  onSocket,
  PATTERN,
  send,
  TOLD,
} from "./user-code-kind.ts";

const LISTENERS: readonly Kind[] = [
  {
    name: "listeners of `connection`",
    prepare: ({ io }, fail) => void io.on("connection", fail),
    ...both({ event: "connection", ...TOLD }),
  },
  {
    name: "listeners of an event",
    prepare: onSocket((socket, fail) => socket.on("x", fail)),
    act: send('42["x"]'),
    ...both({ event: "x", ...TOLD }),
  },
  {
    name: "`onAny`",
    prepare: onSocket((socket, fail) => socket.onAny(fail)),
    act: send('42["x"]'),
    ...both({ event: "x", ...TOLD }),
  },
  {
    name: "`onAnyOutgoing`",
    prepare: onSocket((socket, fail) => {
      socket.onAnyOutgoing(fail);
      setImmediate(() => socket.emit("x"));
    }),
    ...both({ event: "x", ...TOLD }),
  },
  ...["disconnecting", "disconnect"].map(
    (event): Kind => ({
      name: `listeners of \`${event}\``,
      prepare: onSocket((socket, fail) => socket.on(event as "disconnect", fail)),
      act: send("41"),
      ...both({ event, ...TOLD }),
    }),
  ),
  {
    name: "listeners of `error`",
    prepare: onSocket((socket, fail) =>
      socket.on("error", fail).use((_event, next) => next(new Error("refused"))),
    ),
    act: send('42["x"]'),
    ...both({ event: "error", ...TOLD }),
  },
  {
    name: "listeners of `new_namespace`, because of a CONNECT",
    prepare: (server, fail) => {
      PATTERN(server);
      server.io.on("new_namespace", fail);
    },
    connect: "40/made,",
    throws: {
      event: "new_namespace",
      answer: "in",
      bare: "closed",
      isFatal: false,
      control: false,
    },
    rejects: { event: "new_namespace", ...TOLD },
  },
  {
    name: "functions given to `of()`",
    prepare: ({ io }, fail) => void io.of(fail),
    connect: "40/made,",
    throws: {
      ...{ event: "of", answer: "invalid namespace", bare: "closed" },
      ...{ isFatal: false, control: false },
    },
    rejects: { event: "of", answer: "invalid namespace", isFatal: true, control: true },
  },
  {
    name: "middleware of a namespace",
    prepare: ({ io }, fail) => void io.use(fail),
    ...both({ event: null, answer: "refused", isFatal: false, control: true }),
  },
  {
    name: "middleware of a namespace, after `next()`",
    prepare: ({ io }, fail) =>
      void io.use((_socket, next) => {
        next();
        return fail();
      }),
    ...both({ event: "use", ...TOLD }),
  },
  {
    name: "middleware of a socket (`socket.use`)",
    prepare: onSocket((socket, fail) => socket.use(fail)),
    act: send('42["x"]'),
    ...both({ event: null, answer: "in", isFatal: false, control: true }),
  },
  {
    name: "middleware of a socket, after `next()`",
    prepare: onSocket((socket, fail) =>
      socket.use((_event, next) => {
        next();
        return fail();
      }),
    ),
    act: send('42["x"]'),
    ...both({ event: "use", ...TOLD }),
  },
];

const CALLBACKS: readonly Kind[] = [
  {
    name: "acknowledgement callbacks",
    prepare: onSocket((socket, fail) => void socket.emit("q", fail)),
    act: send("430[1]"),
    ...both({ event: "ack", ...TOLD }),
  },
  {
    name: "acknowledgement callbacks with `timeout()`, answered",
    prepare: onSocket((socket, fail) => void socket.timeout(60_000).emit("q", fail)),
    act: send("430[1]"),
    ...both({ event: "ack", ...TOLD }),
  },
  {
    name: "acknowledgement callbacks with `timeout()`, too late",
    prepare: onSocket((socket, fail) => void socket.timeout(1).emit("q", fail)),
    ...both({ event: "ack", ...TOLD }),
  },
  {
    name: "acknowledgement callbacks of a broadcast",
    prepare: onSocket((_socket, fail, { io }) => setImmediate(() => io.timeout(1).emit("q", fail))),
    ...both({ event: "ack", ...TOLD }),
  },
  {
    name: "callbacks of `serverSideEmit`, in memory",
    prepare: onSocket((_socket, fail, { io }) => void io.serverSideEmit("q", fail)),
    // Socket.IO never calls it.
    ...both({ event: "ack", answer: "in", isFatal: true, control: false }),
  },
];

function circular(): object {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  return cycle;
}

const BAD_DATA: readonly [string, () => unknown][] = [
  ["a cycle", circular],
  ["a BigInt", () => 1n],
  [
    "`toJSON`",
    () => ({
      toJSON() {
        throw new Error("from toJSON");
      },
    }),
  ],
];

const DATA: readonly Kind[] = BAD_DATA.flatMap(([what, make]) => [
  {
    name: `data that throws (${what}), to one`,
    ...going((socket) => void socket.emit("x", make())),
    throws: { event: "go", ...TOLD },
  },
  {
    name: `data that throws (${what}), to many`,
    ...going((_socket, { io }) => void io.emit("x", make())),
    throws: { event: "go", ...TOLD },
  },
  {
    name: `data that throws (${what}), as an answer`,
    ...going((_socket, _server, answer) => answer(make())),
    throws: { event: "go", ...TOLD },
  },
]);

const PARSERS: readonly Kind[] = [
  {
    name: "decoder of a custom parser",
    options: (fail) => ({
      parser: {
        Encoder,
        Decoder: class extends Decoder {
          override add(frame: unknown): void {
            if (String(frame).includes("bad")) fail();
            super.add(frame);
          }
        },
      },
    }),
    act: async ({ peer }) => {
      peer.send('42["bad"]');
      await peer.closed;
    },
    throws: { event: null, answer: "in", isFatal: false, control: false },
  },
  {
    name: "encoder of a custom parser, because of a CONNECT",
    options: (fail) => ({
      parser: {
        Decoder,
        Encoder: class extends Encoder {
          override encode(packet: Packet): unknown[] {
            if (packet.nsp === "/made") fail();
            return super.encode(packet);
          }
        },
      },
    }),
    prepare: PATTERN,
    connect: "40/made,",
    throws: { event: "connect", answer: "closed", isFatal: false, control: true },
  },
];

/** Every kind. */
export const KINDS: readonly Kind[] = [
  ...LISTENERS,
  ...CALLBACKS,
  ...ADAPTER_EVENTS,
  ...ADAPTER_METHODS,
  ...PARSERS,
  ...DATA,
];

const ANSWERS: Readonly<Record<Answer, string>> = {
  in: "",
  refused: "the client is refused with `connect_error`",
  "invalid namespace": "the client is told that there is no such namespace",
  closed: "the connection is closed",
};

function cell(kind: Kind, of: (outcome: Outcome) => readonly string[]): string {
  const [thrown, rejected] = [kind.throws, kind.rejects].map((outcome) =>
    outcome === undefined ? null : of(outcome).filter(Boolean).join("; "),
  );
  if (rejected === null || rejected === thrown) return thrown ?? "";
  return `throws: ${thrown}. Rejects: ${rejected}`;
}

/** The row of the table. */
export function rowOf(kind: Kind): string {
  const cells = [
    kind.name,
    cell(kind, ({ event }) => [event === null ? "–" : `\`${event}\``]),
    cell(kind, ({ answer, event }) => [event === null ? "not told" : "told", ANSWERS[answer]]),
    cell(kind, ({ answer, bare, event, isFatal }) => [
      isFatal ? "uncaught" : event === null ? "not told" : "warned",
      ANSWERS[bare ?? answer],
    ]),
    cell(kind, ({ control }) => [control ? "ends" : "goes on"]),
  ];
  return `| ${cells.join(" | ")} |`;
}
