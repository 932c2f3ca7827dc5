// What applications hold has the documented members, and the few that decision 0014 lists, and no others.

import type { AdapterNamespace } from "@sockeye/adapter";
import { Emitter, SocketEmitter } from "@sockeye/events";
import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { sockets } from "../../test/recovering.ts";
import type * as typed from "../typed/index.ts";
import { BroadcastOperator } from "./broadcast-operator.ts";
import { membershipOf } from "./namespace.ts";
import { RemoteSocket } from "./remote-socket.ts";
import type { Socket } from "./socket.ts";

// biome-ignore lint/suspicious/noExplicitAny: events of any kind.
type Any = any;
type Server = typed.TypedServer<Any, Any, Any, Any>;
type Namespace = typed.TypedNamespace<Any, Any, Any, Any>;
type TypedSocket = typed.TypedSocket<Any, Any, Any, Any>;
type Operator = typed.TypedBroadcastOperator<Any, Any>;
type Remote = typed.TypedRemoteSocket<Any, Any>;

/** Fields of emitters that subclasses use: TypeScript keeps them from applications. */
const EMITTER = [...methodsOf(Emitter.prototype), "listenersByEvent"];
const SOCKET_EMITTER = [...EMITTER, ...methodsOf(SocketEmitter.prototype), "incoming", "outgoing"];

// Documented: TypeScript refuses a name here that the typed faces do not have.
const SENDING = [
  ...(["to", "in", "except", "compress", "volatile", "local", "timeout"] as const),
  ...(["emit", "emitWithAck", "emitWithOutcome", "send", "write", "fetchSockets"] as const),
  ...(["allSockets", "socketsJoin", "socketsLeave", "disconnectSockets"] as const),
] satisfies readonly (keyof Operator)[];
const SERVER_SIDE = ["use", "serverSideEmit", "serverSideEmitWithAck"] as const;
const SERVER = [
  ...SERVER_SIDE,
  ...(["sockets", "of", "adapter", "connectTimeout"] as const),
] satisfies readonly (keyof Server)[];
const NAMESPACE = [
  ...SERVER_SIDE,
  ...(["name", "server", "sockets", "adapter"] as const),
] satisfies readonly (keyof Namespace)[];
const SOCKET = [
  ...(["id", "nsp", "server", "client", "conn", "request", "handshake", "recovered"] as const),
  ...(["data", "connected", "disconnected", "rooms", "emit", "emitWithAck", "send"] as const),
  ...(["write", "timeout", "compress", "volatile", "broadcast", "local", "to", "in"] as const),
  ...(["except", "join", "leave", "disconnect", "use", "relay"] as const),
] satisfies readonly (keyof TypedSocket)[];
const REMOTE = [
  ...(["id", "handshake", "rooms", "data", "emit", "timeout", "join", "leave"] as const),
  "disconnect",
] satisfies readonly (keyof Remote)[];

/** What an adapter of our own contract calls. */
const FOR_ADAPTERS = [
  ...(["clock", "deliver", "encode", "nextAckId", "warn"] as const),
  ...(["onSessionsGone", "raiseAdapterEvent", "callUser"] as const),
  ...(["decode", "inWalk", "onAdapterFailed"] as const),
  ...(["sessionAge", "hidesOffsets", "evictSession", "later"] as const),
] satisfies readonly (keyof AdapterNamespace)[];

// The compatibility set of decisions 0014 and 0027: what packages for Socket.IO read or patch.
const COMPATIBLE = {
  // `diagnostics` is in the face of each host, with the host's own points.
  server: ["encoder", "_nsps", "opts", "bind", "diagnostics", "onconnection"],
  namespace: ["_ids", "_onServerSideEmit", "emitReserved", "emitUntyped"],
  socket: [
    "adopted",
    ...["adapter", "acks", "notifyOutgoingListeners", "_onpacket", "onevent", "onack"],
    ...["ondisconnect", "ack", "dispatch", "run", "packet", "emitReserved", "emitUntyped"],
    ...["_onclose", "_onerror", "_error", "leaveAll"],
  ],
  operator: ["adapter", "rooms"],
  client: [
    ...["server", "id", "conn", "request", "sockets", "nsps", "writeToEngine", "_packet"],
    ...["_disconnect", "close"],
  ],
};

function methodsOf(prototype: object): PropertyKey[] {
  // By symbols, hosts show sockets in their own way.
  return Reflect.ownKeys(prototype).filter(
    (key) => key !== "constructor" && typeof key === "string",
  );
}

// Node's host puts Node's class below ours, in the whole process (NH108).
const OF_RUNTIMES = ["Object", "EventEmitter"];

/** Every member of an object, its own and those of its prototypes, without the classes that are not looked at. */
function membersOf(object: object, except: readonly string[] = []): PropertyKey[] {
  const found = new Set<PropertyKey>(Reflect.ownKeys(object));
  for (
    let prototype = Object.getPrototypeOf(object) as object | null;
    prototype !== null && !OF_RUNTIMES.includes(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    if (!except.includes(prototype.constructor.name)) {
      for (const key of methodsOf(prototype)) found.add(key);
    }
  }
  return [...found].sort();
}

function sorted(...lists: readonly (readonly PropertyKey[])[]): PropertyKey[] {
  return [...new Set(lists.flat())].sort();
}

async function stage(): Promise<{ server: MemoryServer; socket: Socket }> {
  const server = new MemoryServer();
  await server.join();
  return { server, socket: sockets(server)[0] as Socket };
}

describe("SO66 no internal member is on what applications hold", () => {
  test("SO66 of a server", async () => {
    const { server } = await stage();
    const ofTheTest = ["clock", "engine", "framer", "surfaced", "warnings"];
    const found = membersOf(server, ["MemoryServer"]).filter(
      (key) => !ofTheTest.includes(String(key)),
    );
    expect(found).toEqual(sorted(EMITTER, SENDING, SERVER, COMPATIBLE.server));
  });

  test("SO66 of a namespace, and of a pattern", async () => {
    const { server } = await stage();
    const expected = [EMITTER, SENDING, NAMESPACE, FOR_ADAPTERS, COMPATIBLE.namespace];
    expect(membersOf(server.sockets)).toEqual(sorted(...expected));
    expect(membersOf(server.of(/x/))).toEqual(sorted(...expected, ["children"]));
  });

  test("SO66 of a socket, and of its client", async () => {
    const { socket } = await stage();
    expect(membersOf(socket)).toEqual(sorted(SOCKET_EMITTER, SOCKET, COMPATIBLE.socket));
    expect(membersOf(socket.client)).toEqual(sorted(COMPATIBLE.client));
  });

  test("SO66 of an operator, and of a socket of another server", async () => {
    const { server } = await stage();
    const operator = server.to("room");
    expect(operator).toBeInstanceOf(BroadcastOperator);
    expect(membersOf(operator)).toEqual(sorted(SENDING, COMPATIBLE.operator));
    const details = { id: "x", handshake: {} as never, rooms: [], data: undefined };
    const remote = new RemoteSocket(membershipOf(server.sockets), details);
    expect(membersOf(remote)).toEqual(sorted(REMOTE));
  });
});
