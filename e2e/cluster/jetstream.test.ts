// The log and the leases over a real JetStream: what they do when the server ends, loses something, limits or refuses.

import { connect, type NatsConnection } from "@nats-io/transport-node";
import { LogListener } from "@sockeye/testkit";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { JetStreamLeases } from "../../adapters/nats/src/jetstream/jetstream-leases.ts";
import { JetStreamLog } from "../../adapters/nats/src/jetstream/jetstream-log.ts";
import { JetStreamLink } from "../../adapters/nats/src/jetstream/link.ts";
import { namesOf } from "../../adapters/nats/src/jetstream/names.ts";
import { resolveJetStreamOptions } from "../../adapters/nats/src/options.ts";
import { TcpProxy } from "./faults/tcp-proxy.ts";
import { NatsServer, type Streams } from "./nats-server.ts";

const options = resolveJetStreamOptions({ key: "js.test", idleHeartbeat: 100 });
const names = namesOf(options.key);
const LONG = 60_000;
const BACK = { timeout: 10_000 };

let nats: NatsServer | null = null;
const connections: NatsConnection[] = [];

beforeEach(({ skip }) => {
  if (!NatsServer.isThere) skip("there is no nats-server on this machine");
});

afterEach(async () => {
  for (const each of connections.splice(0)) await each.close();
  await nats?.[Symbol.asyncDispose]();
  nats = null;
});

async function begin(settings = "", streams: Streams = "kept"): Promise<NatsServer> {
  nats = await NatsServer.start(settings, streams);
  return nats;
}

let nodes = 0;

/** A way to the server of a node of its own. */
async function makeLink(servers = nats?.url ?? ""): Promise<JetStreamLink> {
  const settings = { servers, maxReconnectAttempts: -1, reconnectTimeWait: 20 };
  const connection = await connect(settings);
  connections.push(connection);
  nodes += 1;
  return new JetStreamLink(connection, { answers: names.answersOf(`${nodes}`), domain: "" });
}

interface Node {
  readonly link: JetStreamLink;
  readonly log: JetStreamLog;
  readonly listener: LogListener;
  /** Appends one message, again and again until it is kept. */
  append(text: string): Promise<number>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function makeNode(servers?: string): Promise<Node> {
  const link = await makeLink(servers);
  const log = new JetStreamLog(link, names, options);
  const listener = new LogListener();
  await log.open(listener);
  onTestFinished(() => log.close());
  const writer = `writer ${nodes}`;
  let first = 0;
  const append = async (text: string): Promise<number> => {
    first += 1;
    const batch = { writer, first, messages: [bytes(text)] };
    for (;;) {
      try {
        return (await log.append(batch)).offset;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  return { link, log, listener, append };
}

test("CN16 while JetStream is away, appends are refused at once; when it is back, all is as it was", async () => {
  const server = await begin();
  const [one, two] = [await makeNode(), await makeNode()];
  await one.append("a");
  await server.kill();
  await expect.poll(() => [one.listener.states, two.listener.states]).toEqual([["down"], ["down"]]);
  const refused = two.log.append({ writer: "w", first: 1, messages: [bytes("x")] });
  await expect(refused).rejects.toMatchObject({ code: "ERR_BUS_DOWN" });
  const appended = one.append("b");
  await server.resume();
  await appended;
  expect(await two.listener.texts(2)).toEqual(["1 a", "2 b"]);
  expect(one.listener.states).toEqual(["down", "up"]);
  expect([one.listener.breaks.unread, two.listener.breaks.unread]).toEqual([[], []]);
});

test("LG7 a server that comes back without its streams has another epoch, and every node is told", async () => {
  const server = await begin("", "lost");
  const [one, two] = [await makeNode(), await makeNode()];
  await one.append("a");
  for (const { listener } of [one, two]) await listener.texts(1);
  await server.kill();
  await server.resume();
  const [first, second] = [await one.listener.breaks.next(), await two.listener.breaks.next()];
  expect(first.epoch).toBe(second.epoch);
  await one.append("b");
  expect(await two.listener.texts(1)).toEqual(["1 b"]);
});

test("LG7 a server that comes back with an older copy of its streams has another epoch", async () => {
  const server = await begin();
  const one = await makeNode();
  await one.append("a");
  const before = await one.log.last();
  await server.kill();
  await server.keepCopy();
  await server.resume();
  await one.append("confirmed, and lost");
  await server.kill();
  await server.takeCopy();
  await server.resume();
  const { epoch, offset } = await one.listener.breaks.next();
  expect(epoch).not.toBe(before.epoch);
  expect(offset).toBe(1);
  await one.append("c");
  await expect.poll(async () => (await one.log.last()).offset, BACK).toBe(2);
});

test("LG5 of a purged stream every node is told what it has missed; one that has read all goes on", async () => {
  const server = await begin();
  await using proxy = await TcpProxy.start(server.port);
  const one = await makeNode();
  const deaf = await makeNode(`nats://127.0.0.1:${proxy.port}`);
  await one.append("a");
  await deaf.listener.texts(1);
  const { epoch } = await one.log.last();
  // What was sent already would arrive.
  proxy.turn("reset");
  for (let number = 0; number < 10; number++) await one.append(`${number}`);
  await one.listener.texts(11);
  await one.link.ask(`STREAM.PURGE.${names.log.name}`);
  proxy.turn("open");
  expect(await deaf.listener.breaks.next()).toEqual({ epoch, offset: 11 });
  expect(await one.log.read({ epoch, offset: 5 }, { until: 11, limit: 100 })).toBe(null);
  await one.append("after");
  for (const { listener } of [one, deaf]) expect(await listener.texts(1)).toEqual(["12 after"]);
  expect(one.listener.breaks.unread).toEqual([]);
});

test("LG3 a batch that was kept is recognised after JetStream has forgotten its numbers, by another node too", async () => {
  await begin();
  const link = await makeLink();
  // A stream that an operator has made is taken as it is.
  const config = { name: names.log.name, subjects: [names.log.subject], duplicate_window: 1e8 };
  await link.ask(`STREAM.CREATE.${names.log.name}`, config);
  const one = await makeNode();
  const batch = { writer: "again", first: 1, messages: [bytes("a"), bytes("b")] };
  const kept = await one.log.append(batch);
  // Four times the time for which the server knows numbers: it says nothing when it forgets them.
  await new Promise((resolve) => setTimeout(resolve, 400));
  const two = await makeNode();
  expect(await two.log.append(batch)).toEqual(kept);
  const more = { ...batch, messages: [...batch.messages, bytes("c")] };
  await two.log.append(more);
  expect(await one.listener.texts(3)).toEqual(["1 a", "2 b", "3 c"]);
});

test("LG10 the limit is that of the server, less the headers; of a batch with a longer message nothing is sent", async () => {
  const limit = 64 * 1024;
  await begin(`max_payload: ${limit}`);
  const { listener, log } = await makeNode();
  expect(log.maxPayload).toBeLessThan(limit);
  const long = new Uint8Array(log.maxPayload + 1);
  const refused = log.append({ writer: "w", first: 1, messages: [bytes("x"), long] });
  await expect(refused).rejects.toMatchObject({ code: "ERR_CLUSTER_PAYLOAD" });
  expect((await log.last()).offset).toBe(0);
  await log.append({ writer: "w", first: 1, messages: [bytes("x"), long.subarray(1)] });
  await listener.texts(1);
  expect((await listener.next()).message.byteLength).toBe(log.maxPayload);
});

test("LS7 a record that is longer than the server takes is refused", async () => {
  await begin("max_payload: 65536");
  const leases = new JetStreamLeases(await makeLink(), names, options);
  const lease = { id: "a", holder: "one", record: new Uint8Array(65_536) };
  const written = leases.write(lease, { by: "one", isNew: true, lasts: LONG });
  await expect(written).rejects.toMatchObject({ code: "ERR_CLUSTER_PAYLOAD" });
});

test("LS2 a lease that another node claims at the same time has one holder", async () => {
  await begin();
  const [one, two] = [await makeLink(), await makeLink()].map(
    (link) => new JetStreamLeases(link, names, options),
  ) as [JetStreamLeases, JetStreamLeases];
  const lease = { id: "a", holder: "one", record: bytes("r") };
  await one.write(lease, { by: "one", isNew: true, lasts: LONG });
  const claims = await Promise.all([
    ...[one.claim("a", "one", LONG), two.claim("a", "two", LONG)],
    ...[two.claim("a", "two", LONG), one.claim("a", "one", LONG)],
  ]);
  expect(claims.map((claim) => claim?.record.byteLength)).toEqual([1, 1, 1, 1]);
  const [byOne, byTwo] = await Promise.all([
    one.renew(["a"], "one", LONG),
    two.renew(["a"], "two", LONG),
  ]);
  expect([...byOne, ...byTwo]).toEqual(["a"]);
});

test("LS5 leases outlive a restart of the server, and the streams that keep them their loss", async () => {
  const server = await begin();
  const link = await makeLink();
  const leases = new JetStreamLeases(link, names, options);
  const lease = { id: "a", holder: "one", record: bytes("r") };
  const write = () => leases.write(lease, { by: "one", isNew: true, lasts: LONG });
  await write();
  await server.kill();
  await server.resume();
  await expect.poll(() => leases.renew(["a"], "one", LONG).catch(() => null), BACK).toEqual([]);
  await link.ask(`STREAM.DELETE.${names.sessions.name}`);
  expect(await leases.claim("a", "two", LONG)).toBe(null);
  await expect.poll(() => write().catch(() => false), BACK).toBe(true);
});

test("CN15 a server without JetStream refuses the log, with the reason", async () => {
  await begin("", "none");
  const log = new JetStreamLog(await makeLink(), names, options);
  const opened = log.open(new LogListener());
  await expect(opened).rejects.toMatchObject({ code: "ERR_BROKER_REFUSED" });
  await expect(opened).rejects.toThrow(/there is no JetStream/);
});
