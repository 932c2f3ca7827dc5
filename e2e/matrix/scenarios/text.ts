// Events without binary parts: values, names, listeners, both ways.
import { expect } from "vitest";
import { WAIT_MS } from "../../kit/deadline.ts";
import { type Bench, type Scenario, settle } from "../bench.ts";

const ARGUMENTS: readonly unknown[] = [
  "plain",
  "",
  "separators \u001e \u2028 \u2029 and \u0000",
  "Ελληνικά 日本語 🙂 \ud83d",
  0,
  -1.5e300,
  true,
  false,
  null,
  [],
  {},
  [1, ["two", { three: [3, null] }]],
  { nested: { deeply: { list: [{ key: "value" }] } }, "": "empty key", "a,b": '["x"]' },
];

async function argumentsBothWays(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();

  client.socket.emit("to-server", ...ARGUMENTS);
  peer.socket.emit("to-client", ...ARGUMENTS);
  expect(await peer.inbox.take("to-server")).toEqual(ARGUMENTS);
  expect(await client.inbox.take("to-client")).toEqual(ARGUMENTS);

  client.socket.emit("bare");
  peer.socket.emit("bare");
  expect(await peer.inbox.take("bare")).toEqual([]);
  expect(await client.inbox.take("bare")).toEqual([]);
}

async function jsonValues(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const sent = [
    new Date(0),
    undefined,
    { gone: undefined, kept: 1 },
    Number.NaN,
    { toJSON: () => "as json" },
  ];
  const received = ["1970-01-01T00:00:00.000Z", null, { kept: 1 }, null, "as json"];

  client.socket.emit("values", ...sent);
  peer.socket.emit("values", ...sent);
  expect(await peer.inbox.take("values")).toEqual(received);
  expect(await client.inbox.take("values")).toEqual(received);
}

async function namesOfEvents(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const names = ["with space", "", "__proto__", "constructor", 'quote"', "ünïcode", "a,b", "12"];
  for (const name of names) {
    client.socket.emit(name, "up");
    peer.socket.emit(name, "down");
    expect(await peer.inbox.take(name)).toEqual(["up"]);
    expect(await client.inbox.take(name)).toEqual(["down"]);
  }
  for (const reserved of [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
  ]) {
    expect(() => client.socket.emit(reserved)).toThrow(`"${reserved}" is a reserved event name`);
    expect(() => peer.socket.emit(reserved)).toThrow(`"${reserved}" is a reserved event name`);
  }
}

async function sendIsMessage(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  client.socket.send("Hello!", 1);
  peer.socket.send("Hello back!", 2);
  peer.socket.write("written");
  expect(await peer.inbox.take("message")).toEqual(["Hello!", 1]);
  expect(await client.inbox.take("message")).toEqual(["Hello back!", 2]);
  expect(await client.inbox.take("message")).toEqual(["written"]);
}

async function listeners(bench: Bench): Promise<void> {
  const couple = await bench.couple();
  const { client, peer } = couple;
  const heard: string[] = [];
  const removed = (): number => heard.push("removed");
  client.socket.on("event", () => heard.push("first"));
  client.socket.on("event", removed);
  client.socket.once("event", () => heard.push("once"));
  client.socket.off("event", removed);
  const outgoing: unknown[][] = [];
  client.socket.onAnyOutgoing((...args) => outgoing.push(args));
  peer.socket.onAnyOutgoing((...args) => outgoing.push(args));

  peer.socket.emit("event");
  peer.socket.emit("event");
  await settle(couple);
  expect(heard).toEqual(["first", "once", "first"]);

  client.socket.emit("up", 1);
  await peer.inbox.take("up");
  expect(outgoing.map(([name]) => name)).toEqual(["event", "event", "mark", "up"]);
}

async function packetMiddleware(bench: Bench): Promise<void> {
  const { client, peer } = await bench.couple();
  const handled: unknown[] = [];
  peer.socket.on("answered", (answer: () => void) => answer());
  peer.socket.on("guarded", (word) => handled.push(word));
  peer.socket.use(([name, word], next) =>
    name === "guarded" && word === "bad" ? next(new Error("refused")) : next(),
  );
  client.socket.emit("guarded", "bad");
  client.socket.emit("guarded", "good");
  const [error] = await peer.inbox.take("error");
  expect((error as Error).message).toBe("refused");
  await client.socket.timeout(WAIT_MS).emitWithAck("answered");
  expect(handled).toEqual(["good"]);
}

/** The scenarios of the column "text". */
export const text: readonly Scenario[] = [
  {
    feature: "text",
    title: "arguments of every JSON kind arrive unchanged, both ways",
    run: argumentsBothWays,
  },
  {
    feature: "text",
    title: "values JSON cannot hold arrive as JSON.stringify leaves them",
    run: jsonValues,
  },
  {
    feature: "text",
    title: "any event name arrives, a reserved one is refused",
    run: namesOfEvents,
  },
  { feature: "text", title: 'send() and write() arrive as "message"', run: sendIsMessage },
  {
    feature: "text",
    title: "on, once, off and the catch-all listeners of both sides",
    run: listeners,
  },
  {
    feature: "text",
    title: "a packet middleware refuses one event and lets the next pass",
    run: packetMiddleware,
  },
];
