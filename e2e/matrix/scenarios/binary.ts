// Events with binary parts: every kind of byte holder, at any depth, both ways.
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { type Bench, type Scenario, settle } from "../bench.ts";

/** Any byte holder, whatever its class, as a Buffer: receivers differ in the class, never in the bytes. */
function bytes(value: unknown): Buffer {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new TypeError(`not binary: ${JSON.stringify(value)}`);
}

function holders(): readonly (Buffer | ArrayBuffer | ArrayBufferView)[] {
  const random = new Uint8Array(randomBytes(64));
  return [
    Buffer.from([1, 2, 3, 4]),
    random,
    random.subarray(7, 21),
    random.buffer.slice(0),
    new Uint16Array([0x0102, 0xfffe]),
    new Float64Array([Math.PI]),
    new DataView(random.buffer, 3, 5),
    new Int8Array([-1, 0, 1]),
  ];
}

async function everyHolder(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  for (const holder of holders()) {
    client.socket.emit("up", holder);
    peer.socket.emit("down", holder);
    const [[up], [down]] = [await peer.inbox.take("up"), await client.inbox.take("down")];
    expect(bytes(up)).toEqual(bytes(holder));
    expect(bytes(down)).toEqual(bytes(holder));
  }
}

async function asBuffers(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  client.socket.emit("up", new Uint8Array([1]));
  peer.socket.emit("down", new Uint8Array([2]));
  const [[up], [down]] = [await peer.inbox.take("up"), await client.inbox.take("down")];
  expect([Buffer.isBuffer(up), Buffer.isBuffer(down)]).toEqual([true, true]);
}

async function nested(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const [a, b, c] = [Buffer.from("first"), new Uint8Array([2, 2]), Uint8Array.from([3]).buffer];
  const document = { a, list: ["text", { b }, [null, c]], number: 7, twice: [a] };
  const check = (args: unknown[]): void => {
    const [name, got, last] = args as [string, typeof document, unknown];
    const [text, { b: second }, [nothing, third]] = got.list as [
      string,
      { b: unknown },
      [unknown, unknown],
    ];
    expect([name, text, nothing, got.number, last]).toEqual(["named", "text", null, 7, "last"]);
    expect([got.a, second, third, got.twice[0]].map(bytes)).toEqual([a, b, c, a].map(bytes));
  };
  client.socket.emit("nested", "named", document, "last");
  peer.socket.emit("nested", "named", document, "last");
  check(await peer.inbox.take("nested"));
  check(await client.inbox.take("nested"));
  // The sender's own object must be left alone.
  expect(document.a).toBe(a);
  expect(document.list[2]).toEqual([null, c]);
}

async function emptyAndTen(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const ten = Array.from({ length: 10 }, (_, index) => Buffer.alloc(index, index));
  client.socket.emit("ten", ten);
  peer.socket.emit("ten", ten);
  for (const [got] of [await peer.inbox.take("ten"), await client.inbox.take("ten")]) {
    expect((got as unknown[]).map(bytes)).toEqual(ten);
  }
}

async function interleaved(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  const events = Array.from({ length: 30 }, (_, n) =>
    n % 3 === 0 ? [n] : [n, Buffer.from([n]), { n: Buffer.from([n, n]) }],
  );
  for (const args of events) {
    client.socket.emit("mixed", ...args);
    peer.socket.emit("mixed", ...args);
  }
  await settle(couple);
  for (const side of [peer, client]) {
    const got = await side.inbox.takeMany("mixed", events.length);
    expect(got.map(([n]) => n)).toEqual(events.map(([n]) => n));
    expect(got.map((args) => args.length)).toEqual(events.map((args) => args.length));
    expect(bytes(got[1]?.[1])).toEqual(Buffer.from([1]));
  }
}

async function inAcknowledgements(bench: Bench): Promise<void> {
  const answer = (payload: unknown, reply: (...args: unknown[]) => void): void =>
    reply("ok", { echo: payload });
  const { client, peer } = await bench.couple();
  client.socket.on("ask", answer);
  peer.socket.on("ask", answer);
  const payload = Buffer.from([9, 8, 7]);
  const up = await new Promise<unknown[]>((resolve) =>
    client.socket.emit("ask", payload, (...args: unknown[]) => resolve(args)),
  );
  const down = await new Promise<unknown[]>((resolve) =>
    peer.socket.emit("ask", payload, (...args: unknown[]) => resolve(args)),
  );
  for (const [word, value] of [up, down]) {
    expect(word).toBe("ok");
    expect(bytes((value as { echo: unknown }).echo)).toEqual(payload);
  }
}

async function inBroadcasts(bench: Bench): Promise<void> {
  const { server, members } = await bench.party(2);
  const payload = { image: Buffer.from([1, 2, 3]), thumbnails: [Buffer.from([4])] };
  server.io.emit("picture", payload);
  for (const { client } of members) {
    const [got] = (await client.inbox.take("picture")) as [typeof payload];
    expect([got.image, got.thumbnails[0]].map(bytes)).toEqual([
      payload.image,
      payload.thumbnails[0],
    ]);
  }
}

async function asText(bench: Bench): Promise<void> {
  const server = await bench.server();
  const { client, peer } = await bench.connect(server, { options: { forceBase64: true } });
  client.socket.emit("up", Buffer.from([0xff, 0xfe]));
  peer.socket.emit("down", Buffer.from([0xfd]));
  const [[up], [down]] = [await peer.inbox.take("up"), await client.inbox.take("down")];
  expect(bytes(up)).toEqual(Buffer.from([0xff, 0xfe]));
  expect(bytes(down)).toEqual(Buffer.from([0xfd]));
}

/** The scenarios of the column "binary". */
export const binary: readonly Scenario[] = [
  { feature: "binary", title: "every kind of byte holder, both ways", run: everyHolder },
  { feature: "binary", title: "on Node both sides are handed Buffers", run: asBuffers },
  {
    feature: "binary",
    title: "nested among text, both ways, the sender's object untouched",
    run: nested,
  },
  { feature: "binary", title: "ten attachments in one event, one of them empty", run: emptyAndTen },
  { feature: "binary", title: "text and binary events keep their order", run: interleaved },
  { feature: "binary", title: "in acknowledgements, both directions", run: inAcknowledgements },
  { feature: "binary", title: "in a broadcast", run: inBroadcasts },
  { feature: "binary", title: "with forceBase64", run: asText },
];
