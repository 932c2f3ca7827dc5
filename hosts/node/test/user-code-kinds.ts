// The kinds of functions that an application gives to sockets, namespaces and adapters, each with what makes it fail and
// with what becomes of it. The table of docs/user-code.md is checked against these rows, and these by tests.

import { Adapter } from "socket.io-adapter";
import { Decoder, Encoder, type Packet } from "socket.io-parser";
import type { Options, RunningServer, ServerSocket } from "./running-server.ts";
import type { WirePeer } from "./wire.ts";

/** Fails as it is called, or later. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for functions of every kind.
export type Fail = (...args: any[]) => any;

/** How functions fail. */
export type How = "throws" | "rejects";

/** What the client that made it fail is told: nothing out of the ordinary, or that it may not join, or its end. */
export type Answer = "in" | "refused" | "invalid namespace" | "closed";

/** What happens when a function of one kind fails. */
export interface Outcome {
  /** What `onListenerError` is told as the event; `null` when the error is told elsewhere. */
  readonly event: string | null;
  readonly answer: Answer;
  /** Without `onListenerError`. */
  readonly isFatal: boolean;
  /** Without `onListenerError`, when that differs. */
  readonly bare?: Answer;
  /** Whether Socket.IO's process ends. */
  readonly control: boolean;
}

/** What a kind acts on. */
export interface Stage {
  readonly server: RunningServer;
  readonly peer: WirePeer;
}

/** One kind. */
export interface Kind {
  readonly name: string;
  readonly options?: (fail: Fail) => Options;
  readonly prepare?: (server: RunningServer, fail: Fail) => void;
  /** What the client joins with; its answer is looked at. */
  readonly connect?: string;
  /** What the client joins before. */
  readonly before?: string;
  readonly act?: (stage: Stage) => unknown;
  readonly throws: Outcome;
  readonly rejects?: Outcome;
}

const TOLD = { answer: "in", isFatal: true, control: true } as const;

/** The same for both ways to fail. */
function both(outcome: Outcome): Pick<Kind, "throws" | "rejects"> {
  return { throws: outcome, rejects: outcome };
}

function onSocket(prepare: (socket: ServerSocket, fail: Fail, server: RunningServer) => void) {
  return (server: RunningServer, fail: Fail): void =>
    void server.io.on("connection", (socket) => prepare(socket, fail, server));
}

/** Does something in a listener of `go`; what is thrown there, or rejected with, is the listener's. */
function going(
  go: (socket: ServerSocket, server: RunningServer, answer: (data: unknown) => void) => unknown,
): Pick<Kind, "prepare" | "act"> {
  return {
    prepare: (server) =>
      void server.io.on("connection", (socket) =>
        socket.on("go", (answer: (data: unknown) => void) => go(socket, server, answer)),
      ),
    act: ({ peer }) => peer.send('427["go"]'),
  };
}

const send =
  (...frames: string[]) =>
  ({ peer }: Stage): void => {
    for (const frame of frames) peer.send(frame);
  };

/** An adapter with one method that fails, after it has done its work; in some namespaces only. */
function failing(method: string, inNamespaces = /./): (fail: Fail) => Options {
  return (fail) => {
    class Failing extends Adapter {}
    const own = (Adapter.prototype as unknown as Record<string, Fail>)[method];
    Object.defineProperty(Failing.prototype, method, {
      value(this: { nsp: { name: string } }, ...args: unknown[]): unknown {
        const result: unknown = own?.apply(this, args);
        return inNamespaces.test(this.nsp.name) ? fail() : result;
      },
    });
    return { adapter: Failing as never };
  };
}

const PATTERN = (server: RunningServer): void => void server.io.of(/^\/made/);

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

const ADAPTER_EVENTS: readonly Kind[] = [
  "create-room",
  "join-room",
  "leave-room",
  "delete-room",
].map((event) => ({
  name: `event \`${event}\` of an adapter`,
  prepare: ({ io }, fail) => void io.sockets.adapter.on(event, fail),
  act: send("41"),
  ...both({ event, ...TOLD }),
}));

/** A method that applications call: what it throws, they are thrown. */
function called(
  method: string,
  go: Parameters<typeof going>[0],
  rejects: Outcome = { event: `adapter.${method}`, answer: "in", isFatal: false, control: true },
): Kind {
  return {
    name: `adapter: \`${method}\``,
    options: failing(method),
    ...going(go),
    throws: { event: "go", ...TOLD },
    rejects,
  };
}

const ADAPTER_METHODS: readonly Kind[] = [
  {
    name: "adapter: the factory, because of a CONNECT",
    options: (fail) => ({
      adapter: class extends Adapter {
        constructor(nsp: { name: string }) {
          super(nsp);
          if (nsp.name === "/made") fail();
        }
      } as never,
    }),
    prepare: PATTERN,
    connect: "40/made,",
    throws: { event: "adapter", answer: "closed", isFatal: false, control: false },
  },
  {
    name: "adapter: `init`, because of a CONNECT",
    options: failing("init", /made/),
    prepare: PATTERN,
    connect: "40/made,",
    throws: { event: "adapter.init", answer: "in", isFatal: false, control: false },
    rejects: { event: "adapter.init", answer: "in", isFatal: false, control: false },
  },
  {
    name: "adapter: `close`, when the namespace of a pattern is empty",
    options: (fail) => ({ ...failing("close", /made/)(fail), cleanupEmptyChildNamespaces: true }),
    prepare: PATTERN,
    connect: "40/made,",
    act: send("41/made,"),
    ...both({ event: "adapter.close", answer: "in", isFatal: false, control: true }),
  },
  {
    name: "adapter: `addAll`, because of a CONNECT",
    options: failing("addAll", /^\/$/),
    ...both({ event: "adapter.addAll", answer: "refused", isFatal: false, control: true }),
  },
  {
    name: "adapter: `addAll`, by `socket.join`",
    options: (fail) => ({
      adapter: class extends Adapter {
        override addAll(id: string, rooms: Set<string>): Promise<void> | void {
          super.addAll(id, rooms);
          return rooms.has("room") ? fail() : undefined;
        }
      } as never,
    }),
    ...going((socket) => void socket.join("room")),
    throws: { event: "go", ...TOLD },
    rejects: { event: "adapter.addAll", ...TOLD },
  },
  called("del", (socket) => void socket.leave("room"), { event: "adapter.del", ...TOLD }),
  {
    name: "adapter: `delAll`",
    options: failing("delAll"),
    act: send("41"),
    ...both({ event: "adapter.delAll", answer: "in", isFatal: false, control: true }),
  },
  called("broadcast", (_socket, { io }) => void io.emit("x")),
  called("broadcastWithAck", (_socket, { io }) => void io.timeout(1).emit("x", () => {}), {
    // The callback is given the error.
    ...{ event: null, answer: "in", isFatal: false, control: true },
  }),
  called("addSockets", (_socket, { io }) => io.socketsJoin("room")),
  called("delSockets", (_socket, { io }) => io.socketsLeave("room")),
  called("disconnectSockets", (_socket, { io }) => io.in("room").disconnectSockets()),
  called("serverSideEmit", (_socket, { io }) => void io.serverSideEmit("x")),
  called("fetchSockets", (_socket, { io }) => io.fetchSockets(), { event: "go", ...TOLD }),
  {
    name: "adapter: `restoreSession`, because of a CONNECT",
    options: (fail) => ({ ...failing("restoreSession")(fail), connectionStateRecovery: {} }),
    connect: '40{"pid":"p","offset":"o"}',
    ...both({ event: "adapter.restoreSession", answer: "in", isFatal: false, control: false }),
  },
  {
    name: "adapter: `persistSession`",
    options: (fail) => ({ ...failing("persistSession")(fail), connectionStateRecovery: {} }),
    act: ({ peer }) => peer.close(),
    ...both({ event: "adapter.persistSession", answer: "in", isFatal: false, control: true }),
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
