// The clients of Redis that applications have made, for commands whose arguments and answers are bytes. A connection that
// waits for entries of a stream is a copy of the application's, which is ended with its log.

import type { RedisClient } from "../clients.ts";

/** One argument of a command. */
export type RedisArgument = string | Uint8Array;

/** A connection for commands. */
export interface RedisCommands {
  /** Whether commands are sent at once. */
  isReady(): boolean;
  /** Sends a command that concerns one key; texts of the answer are bytes. */
  send(key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Calls back when the connection is ready, and when it is lost; the returned function ends that. */
  watch(onReady: () => void, onLost: () => void): () => void;
  /** Another connection to the same server, connecting, and the client that has it. */
  duplicate(): { readonly client: RedisClient; readonly commands: RedisCommands };
  /** Ends a connection that was made here. */
  end(): void;
}

type Listener = (...args: never[]) => void;

interface Emitting {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
  listenerCount(event: string): number;
}

interface IoRedis extends Emitting {
  readonly status: string;
  callBuffer(command: string, ...args: (Buffer | string)[]): Promise<unknown>;
  duplicate(): IoRedis;
  disconnect(): void;
}

interface NodeRedis extends Emitting {
  readonly isReady?: boolean;
  readonly isOpen?: boolean;
  sendCommand(...args: unknown[]): Promise<unknown>;
  duplicate(): NodeRedis;
  connect(): Promise<unknown>;
  /** Of redis 5. */
  destroy?(): void;
  /** Of redis 4. */
  disconnect?(): Promise<void>;
}

/** The type of texts in answers, as redis 5 names it, and what redis 4 calls the same. */
const BYTES = { typeMapping: { 36: Buffer }, returnBuffers: true };

/** The commands of a client. @throws TypeError when it is none of the known ones */
export function commandsOf(client: RedisClient): RedisCommands {
  const { callBuffer, sendCommand, status } = client as Partial<IoRedis & NodeRedis>;
  if (typeof callBuffer === "function" && typeof status === "string") {
    return ioRedisCommands(client as IoRedis);
  }
  if (typeof sendCommand === "function") return nodeRedisCommands(client as NodeRedis);
  throw new TypeError("expected a client of ioredis 5 or later, or redis 4 or later");
}

/** Without a listener of `error`, a lost connection would end the process. */
function contain(client: Emitting): void {
  if (client.listenerCount("error") === 0) client.on("error", () => {});
}

function asBuffer(argument: RedisArgument): Buffer | string {
  if (typeof argument === "string") return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

function watch(
  client: Emitting,
  ready: readonly [string, () => void],
  [onLost, ...lost]: readonly [() => void, ...string[]],
): () => void {
  client.on(...ready);
  for (const name of lost) client.on(name, onLost);
  return () => {
    client.off(...ready);
    for (const name of lost) client.off(name, onLost);
  };
}

function ioRedisCommands(client: IoRedis): RedisCommands {
  contain(client);
  return {
    isReady: () => client.status === "ready",
    send: (_key, [command, ...args]) => client.callBuffer(String(command), ...args.map(asBuffer)),
    watch: (onReady, onLost) => watch(client, ["ready", onReady], [onLost, "close"]),
    duplicate() {
      const copy = client.duplicate();
      return { client: copy, commands: ioRedisCommands(copy) };
    },
    end: () => client.disconnect(),
  };
}

function nodeRedisCommands(client: NodeRedis): RedisCommands {
  contain(client);
  // A Redis Cluster has no such member, and wants to know the key.
  const isCluster = client.isReady === undefined;
  return {
    isReady: () => client.isReady !== false,
    send(key, args) {
      const parts = args.map(asBuffer);
      return isCluster
        ? client.sendCommand(key, false, parts, BYTES)
        : client.sendCommand(parts, BYTES);
    },
    watch: (onReady, onLost) => watch(client, ["ready", onReady], [onLost, "reconnecting", "end"]),
    duplicate() {
      const copy = client.duplicate();
      const commands = nodeRedisCommands(copy);
      // What fails is seen at the commands.
      copy.connect().catch(() => {});
      return { client: copy, commands };
    },
    end() {
      if (client.isOpen === false) return;
      if (client.destroy !== undefined) client.destroy();
      else client.disconnect?.().catch(() => {});
    },
  };
}
