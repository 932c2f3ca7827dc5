// Events and acknowledgements between Node and Python, whichever is the server.
import { expect } from "vitest";
import { ask, bytes, type Couple, type CoupleBench } from "../couple.ts";
import type { PythonScenario } from "../python-scenario.ts";

const ARGUMENTS: readonly unknown[] = [
  "plain",
  "",
  "separators \u001e \u2028 \u2029 and \u0000",
  "Ελληνικά 日本語 🙂 \ud83d",
  0,
  -1.5e300,
  2 ** 53 - 1,
  true,
  false,
  null,
  [],
  {},
  [1, ["two", { three: [3, null] }]],
  { nested: { deeply: { list: [{ key: "value" }] } }, "": "empty key", "a,b": '["x"]' },
];

async function everyKind(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  node.socket.emit("up", ...ARGUMENTS);
  expect(await python.inbox.take("up")).toEqual(ARGUMENTS);
  await python.emit("down", ...ARGUMENTS);
  expect(await node.inbox.take("down")).toEqual(ARGUMENTS);
  node.socket.emit("bare");
  expect(await python.inbox.take("bare")).toEqual([]);
  await python.emit("bare");
  expect(await node.inbox.take("bare")).toEqual([]);
}

async function names(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  for (const name of [
    "with space",
    "",
    "__proto__",
    'quote"',
    "ünïcode 🙂",
    "a,b",
    "12",
    "/a,1-",
  ]) {
    node.socket.emit(name, "up");
    expect(await python.inbox.take(name)).toEqual(["up"]);
    await python.emit(name, "down");
    expect(await node.inbox.take(name)).toEqual(["down"]);
  }
  node.socket.send("Hello!", 1);
  expect(await python.inbox.take("message")).toEqual(["Hello!", 1]);
}

/** Text, bytes at any depth and none at all, and no bytes. */
function document(): readonly unknown[] {
  const [a, b, empty] = [
    Buffer.from([0, 1, 127, 128, 255]),
    Buffer.from("second"),
    Buffer.alloc(0),
  ];
  return [
    "named",
    { a, list: ["text", { b }, [null, empty]], number: 7, twice: [a, a] },
    b,
    "last",
  ];
}

async function nested(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  node.socket.emit("up", ...document());
  expect(await python.inbox.take("up")).toEqual(document());
  await python.emit("down", ...document());
  expect(await node.inbox.take("down")).toEqual(document());
}

async function byteHolders(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  const raw = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  node.socket.emit("up", raw.buffer, raw.subarray(2, 5), new Uint16Array([0x0201]));
  expect((await python.inbox.take("up")).map(bytes)).toEqual(
    [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [3, 4, 5],
      [1, 2],
    ].map((list) => Buffer.from(list)),
  );
  await python.emit("down", Buffer.from(raw));
  const [got] = await node.inbox.take("down");
  expect(Buffer.isBuffer(got)).toBe(true);
  expect(got).toEqual(Buffer.from(raw));
}

async function mixed(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  const events = [["t1"], [Buffer.from("b1")], ["t2", { b: Buffer.from("b2") }], ["t3"]];
  for (const args of events) node.socket.emit("mixed", ...args);
  expect(await python.inbox.takeMany("mixed", events.length)).toEqual(events);
  for (const args of events) await python.emit("mixed", ...args);
  expect(await node.inbox.takeMany("mixed", events.length)).toEqual(events);
}

async function acknowledgements(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  const questions = [[], [null], ["one"], ["several", { b: 1 }, [2, "three"]], [["a list"]]];
  for (const args of questions) {
    expect(await ask(node, ...args)).toEqual(args);
    expect(await python.call("ask", ...args)).toEqual(args);
  }
}

async function binaryAcknowledgements(bench: CoupleBench): Promise<void> {
  const { node, python } = await bench.couple();
  const args = [Buffer.from([9, 8]), { deep: [Buffer.from([7])] }, "text"];
  expect(await ask(node, ...args)).toEqual(args);
  expect(await python.call("ask", ...args)).toEqual(args);
}

async function crossing(bench: CoupleBench): Promise<void> {
  const { node, python }: Couple = await bench.couple();
  const numbers = [1, 2, 3, 4, 5];
  const [fromNode, fromPython] = await Promise.all([
    Promise.all(numbers.map((n) => ask(node, n, "node"))),
    Promise.all(numbers.map((n) => python.call("ask", n, "python"))),
  ]);
  expect(fromNode).toEqual(numbers.map((n) => [n, "node"]));
  expect(fromPython).toEqual(numbers.map((n) => [n, "python"]));
}

/** The scenarios of the columns "text", "binary" and "acks". */
export const events: readonly PythonScenario<CoupleBench>[] = [
  { feature: "text", title: "arguments of every JSON kind, both ways", run: everyKind },
  { feature: "text", title: "any event name, and send()", run: names },
  { feature: "binary", title: "nested in objects and lists, both ways", run: nested },
  { feature: "binary", title: "any byte holder becomes bytes in Python", run: byteHolders },
  { feature: "binary", title: "events with and without bytes, in order", run: mixed },
  {
    feature: "acks",
    title: "with no, one and several arguments, both ways",
    run: acknowledgements,
  },
  { feature: "acks", title: "with bytes, both ways", run: binaryAcknowledgements },
  { feature: "acks", title: "several under way in both directions", run: crossing },
];
