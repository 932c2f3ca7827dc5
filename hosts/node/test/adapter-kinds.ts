// Listeners of adapter events, and methods of custom adapters, as kinds of functions that fail.

import { Adapter } from "socket.io-adapter";
import type { Options } from "./running-server.ts";
import {
  both,
  type Fail,
  going,
  type Kind,
  type Outcome,
  PATTERN,
  send,
  TOLD,
} from "./user-code-kind.ts";

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

/** Events of adapters. */
export const ADAPTER_EVENTS: readonly Kind[] = [
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

/** Methods of custom adapters. */
export const ADAPTER_METHODS: readonly Kind[] = [
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
          void super.addAll(id, rooms);
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
