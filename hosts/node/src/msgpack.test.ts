// MessagePack between our side and Socket.IO's, each with its own parser, over each transport.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { io as openOurs } from "@sockeye/client";
import { msgpackCodec } from "@sockeye/core";
import { Server as TheirServer } from "socket.io";
import { io as openTheirs, type Socket } from "socket.io-client";
import { expect, test } from "vitest";
import { event, listen, RunningServer, record, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";
import { Server as OurServer } from "./index.ts";

const theirParser = createRequire(import.meta.url)("socket.io-msgpack-parser") as object;

type ServerClass = new (http: unknown, options: object) => RunningServer["io"];
type Open = (url: string, options: object) => Socket;

const ours = OurServer as unknown as ServerClass;
const theirs = TheirServer as unknown as ServerClass;
const ourCodec = msgpackCodec();

const PAIRS: readonly [string, ServerClass, unknown, Open, unknown][] = [
  ["our server, their client", ours, ourCodec, openTheirs as Open, theirParser],
  ["their server, our client", theirs, theirParser, openOurs as unknown as Open, ourCodec],
  ["both ours", ours, ourCodec, openOurs as unknown as Open, ourCodec],
  ["their parser in our server", ours, theirParser, openTheirs as Open, theirParser],
  ["their parser in our client", theirs, theirParser, openOurs as unknown as Open, theirParser],
];

const TRANSPORTS: readonly (readonly string[])[] = [
  ["polling"],
  ["websocket"],
  ["polling", "websocket"],
];

const CELLS = PAIRS.flatMap(([name, Class, serverParser, open, clientParser]) =>
  TRANSPORTS.map((transports) => ({ name, Class, serverParser, open, clientParser, transports })),
);

async function start(Class: ServerClass, parser: unknown): Promise<RunningServer> {
  const http = createServer();
  const io = new Class(http, { parser });
  await listen(http);
  return new RunningServer(io, http);
}

const DATA = {
  text: "h\u00e9llo \u{1f600}\u001e",
  numbers: [0, -1, 1.5, 2 ** 40, -(2 ** 40)],
  date: new Date(1_700_000_000_123),
  nothing: [null, undefined],
  bytes: Buffer.from([0, 1, 255]),
  long: "x".repeat(70_000),
};

test.each(CELLS)(
  "MP7 $name over $transports",
  async ({ Class, clientParser, open, serverParser, transports }) => {
    await using server = await start(Class, serverParser);
    const { io } = server;
    io.on("connection", (socket) => {
      socket.on("echo", (...args: unknown[]) => socket.emit("echo", ...args));
      socket.on("ask", (question: unknown, answer: (...args: unknown[]) => void) =>
        answer("got", question),
      );
    });
    io.of("/closed").use((_socket, next) =>
      next(Object.assign(new Error("no"), { data: { code: 7 } })),
    );
    io.of("/admin").on("connection", (socket) => socket.emit("auth", socket.handshake.auth));
    const joined = server.joined();
    const options = { transports, parser: clientParser, forceNew: true, reconnection: false };
    const client = open(server.url, options);
    await event(client, "connect");
    const socket = await joined;
    if (transports.length === 2) {
      const { engine } = client.io;
      if (engine.transport.name !== "websocket") await event(engine, "upgrade");
    }

    client.emit("echo", DATA, 7, Buffer.from([1]));
    const [data, seven, bytes] = await event(client, "echo");
    expect([data, seven, bytes]).toEqual([DATA, 7, Buffer.from([1])]);
    expect(Buffer.isBuffer(bytes)).toBe(true);

    expect(await client.timeout(5000).emitWithAck("ask", DATA)).toBe("got");
    client.on("ask", (question: unknown, answer: (back: unknown) => void) => answer(question));
    expect(await socket.timeout(5000).emitWithAck("ask", DATA)).toEqual(DATA);
    expect(await io.timeout(5000).emitWithAck("ask", DATA.bytes)).toEqual([DATA.bytes]);

    const heard = record(client, "x");
    void socket.join("room");
    io.to("room").emit("x", 1);
    io.except("room").emit("x", 2);
    io.emit("x", DATA.date);
    await socket.timeout(5000).emitWithAck("ask", 0);
    expect(heard).toEqual([[1], [DATA.date]]);

    const admin = client.io.socket("/admin", { auth: { key: 1 } });
    if (!admin.active) admin.connect();
    expect(await event(admin, "auth")).toEqual([{ key: 1 }]);
    for (const [nsp, message, detail] of [
      ["/closed", "no", { code: 7 }],
      ["/nowhere", "Invalid namespace", undefined],
    ] as const) {
      const refused = client.io.socket(nsp, {});
      if (!refused.active) refused.connect();
      const [error] = await event(refused, "connect_error");
      expect([error.message, error.data]).toEqual([message, detail]);
    }

    const left = event(client, "disconnect");
    const leaving = event(socket, "disconnect");
    socket.disconnect();
    expect((await left)[0]).toBe("io server disconnect");
    expect((await leaving)[0]).toBe("server namespace disconnect");
    client.disconnect();
    admin.disconnect();
  },
);

test("MP9 what is no packet closes the connection that it came over, and no other", async () => {
  await using server = await startServer({ parser: ourCodec });
  const member = await server.pair("", { parser: theirParser });
  const frames = ["4text", '42["e"]', Buffer.from([0xc1]), Buffer.from("dfffffffff", "hex")];
  for (const frame of frames) {
    const joined = server.joined();
    const peer = await WirePeer.open(server.port);
    peer.send(Buffer.from("82a47479706500a36e7370a12f", "hex"));
    const errors = record(await joined, "error");
    peer.send(frame);
    expect(await peer.closed).toBe(1005);
    expect(errors).toHaveLength(1);
  }
  expect(member.client.connected).toBe(true);
});

test("MP7 recovery works with any parser", async () => {
  await using server = await startServer({ parser: ourCodec, connectionStateRecovery: {} });
  const reconnect = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 60 };
  const { client, socket } = await server.pair("", { parser: theirParser, ...reconnect });
  const heard = record(client, "x");
  const gone = event(socket, "disconnect");
  const back = event(client, "connect");
  client.io.engine.close();
  await gone;
  server.io.emit("x", DATA.bytes, DATA.date);
  await back;
  expect([client.recovered, heard[0]?.slice(0, 2)]).toEqual([true, [DATA.bytes, DATA.date]]);
});
