// `socket.relay` between real clients: of Socket.IO 4, of Socket.IO 2, over each transport.

import { createRequire } from "node:module";
import { SessionAwareAdapter } from "socket.io-adapter";
import { expect, test } from "vitest";
import { Bus, busAdapter } from "../test/bus-adapter.ts";
import {
  event,
  isControl,
  type Options,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";

interface OldClient {
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}
const openOld = createRequire(import.meta.url)("socket.io-client-2") as (
  url: string,
  options: object,
) => OldClient;

const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at & 255));
const EVENTS: readonly (readonly unknown[])[] = [
  ["text", { x: 1.5, list: [null, true, { "": 'é€😀\u2028\\"' }] }],
  ["a long text".repeat(10_000)],
  [Array.from({ length: 3000 }, (_, at) => ({ at, half: at / 2 }))],
  [{ deep: [BYTES, "and text", BYTES.subarray(1, 3)] }, Buffer.alloc(0)],
];

/** Any holder of bytes as base64: clients give out what their platform has, and text compares faster. */
function comparable(value: unknown): unknown {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return Buffer.from(value as Buffer);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}

/** The socket's method, which Socket.IO's types do not have. */
function relay(socket: ServerSocket, name: string): void {
  (socket as unknown as { relay(name: string): void }).relay(name);
}

const SENDERS = ["polling", "websocket", "Socket.IO 2"] as const;
const RECEIVERS = ["polling", "websocket", "Socket.IO 2"] as const;

test.skipIf(isControl /* Socket.IO has no relay */).each(SENDERS)(
  "SO81 what a client over %s sends, every other receives as it was",
  async (kind) => {
    await using server = await startServer({ allowEIO3: true });
    const old: OldClient[] = [];
    const open = async (as: string): Promise<{ client: OldClient; socket: ServerSocket }> => {
      const joined = server.joined();
      const transports = [as === "polling" ? "polling" : "websocket"];
      const isOld = as === "Socket.IO 2";
      const client = isOld
        ? openOld(server.url, { transports, forceNew: true })
        : server.client("", { transports });
      if (isOld) old.push(client as OldClient);
      await event(client, "connect");
      return { client: client as OldClient, socket: await joined };
    };
    const sender = await open(kind);
    const receivers = [];
    for (const as of RECEIVERS) receivers.push((await open(as)).client);
    relay(sender.socket, "cursor");
    for (const args of EVENTS) {
      const arrived = receivers.map((client) => event(client, "cursor"));
      sender.client.emit("cursor", ...args);
      for (const got of await Promise.all(arrived))
        expect(comparable(got)).toEqual(comparable(args));
    }
    for (const client of old) client.disconnect();
  },
);

test.skipIf(isControl)(
  "SO85 an adapter of Socket.IO that adds its offset to the data in place recovers what was relayed",
  async () => {
    const recovery = { maxDisconnectionDuration: 60_000, skipMiddlewares: true };
    await using server = await startServer({
      adapter: SessionAwareAdapter as unknown as NonNullable<Options["adapter"]>,
      connectionStateRecovery: recovery,
    });
    const sender = await server.pair();
    const { client, socket } = await server.pair();
    relay(sender.socket, "cursor");
    const first = event(client, "cursor");
    sender.client.emit("cursor", 1, BYTES);
    expect(comparable((await first).slice(0, 2))).toEqual(comparable([1, BYTES]));
    const { id } = client;
    const left = event(socket, "disconnect");
    client.io.engine.close();
    await left;
    sender.client.emit("cursor", 2);
    await sender.client.emitWithAck("cursor", 3);
    const got = record(client, "cursor");
    client.connect();
    await event(client, "connect");
    expect([client.recovered, client.id]).toEqual([true, id]);
    expect(got.map(([n]) => n)).toEqual([2, 3]);
  },
);

test.skipIf(isControl)(
  "SO85 a cluster adapter of Socket.IO sends it to the other servers",
  async () => {
    const bus = new Bus();
    const options = { adapter: busAdapter(bus) as unknown as NonNullable<Options["adapter"]> };
    await using one = await startServer(options);
    await using two = await startServer(options);
    const sender = await one.pair();
    const [here, there] = [await one.pair(), await two.pair()];
    relay(sender.socket, "cursor");
    const arrived = [here, there].map(({ client }) => event(client, "cursor"));
    sender.client.emit("cursor", 1, { x: ["é"] });
    expect(await Promise.all(arrived)).toEqual([
      [1, { x: ["é"] }],
      [1, { x: ["é"] }],
    ]);
  },
);
