// What every adapter of a cluster must do, as data: everything that a namespace can do, with three servers.

import { holds, same } from "../claims.ts";
import type { ClusterCase } from "./cluster-context.ts";
import { fetched, heard, nothingElse, sorted, three, until } from "./cluster-steps.ts";

/** The conformance cases of cluster adapters. */
export const clusterCases: readonly ClusterCase[] = [
  {
    id: "CA1",
    feature: "emit",
    title: "an event reaches the clients of every server, once",
    async run(context) {
      const clients = await three(context);
      await context.members[0].do({ op: "emit", aim: {}, args: ["x", 1, { a: "é" }] });
      same(await heard(clients), Array(3).fill(["x", 1, { a: "é" }]));
      await nothingElse(context.members[1], clients);
    },
  },
  {
    id: "CA1",
    feature: "rooms",
    title: "rooms are reached on every server, a member of several of them once",
    async run(context) {
      const [a, b, c] = await three(context);
      const [one, two, last] = context.members;
      await one.do({ op: "own join", id: a.id, rooms: ["r1"] });
      await two.do({ op: "own join", id: b.id, rooms: ["r1", "r2"] });
      await last.do({ op: "emit", aim: { rooms: ["r1", "r2"] }, args: ["x"] });
      same(await heard([a, b]), [["x"], ["x"]]);
      await nothingElse(last, [a, b, c]);
    },
  },
  {
    id: "CA1",
    feature: "except",
    title: "members of excepted rooms are left out on every server",
    async run(context) {
      const [a, b, c] = await three(context);
      const [one, two] = context.members;
      await two.do({ op: "own join", id: b.id, rooms: ["out"] });
      await one.do({ op: "emit", aim: { except: ["out", a.id] }, args: ["x"] });
      same(await c.next(), ["x"]);
      await nothingElse(one, [a, b, c]);
    },
  },
  {
    id: "CA1",
    feature: "local, volatile",
    title: "a local event stays on its server; a volatile one reaches clients that can take it",
    async run(context) {
      const clients = await three(context);
      const [a] = clients;
      const [one] = context.members;
      await one.do({ op: "emit", aim: { flags: ["local"] }, args: ["x"] });
      same(await a.next(), ["x"]);
      await one.do({ op: "emit", aim: { flags: ["volatile"] }, args: ["v"] });
      same(await heard(clients), Array(3).fill(["v"]));
      await nothingElse(one, clients);
    },
  },
  {
    id: "CA2",
    feature: "binary",
    title: "bytes arrive as bytes, also nested, with the text around them",
    async run(context) {
      const clients = await three(context);
      const bytes = new Uint8Array([0, 1, 127, 128, 255]);
      const args = ["x", bytes, { deep: [bytes, "é"] }];
      await context.members[0].do({ op: "emit", aim: {}, args });
      same(await heard(clients), Array(3).fill(args));
    },
  },
  {
    id: "CA3",
    feature: "order",
    title: "what one server does is done on every other in the same order",
    async run(context) {
      const clients = await three(context);
      await context.members[0].do({ op: "burst", count: 200 });
      for (const client of clients) {
        const numbers: unknown[] = [];
        while (numbers.length < 200) numbers.push(...(await client.next()).slice(1));
        same(
          numbers,
          Array.from({ length: 200 }, (_, index) => index),
        );
      }
      await nothingElse(context.members[0], clients);
    },
  },
  {
    id: "CA4",
    feature: "acks",
    title: "acknowledgements of the clients of every server are collected, binary ones too",
    async run(context) {
      const clients = await three(context);
      const bytes = new Uint8Array([1, 2, 255]);
      for (const [index, client] of clients.entries()) client.answer("q", [index, bytes]);
      const ask = { op: "ask", aim: {}, args: ["q", bytes], timeout: 5000 } as const;
      const { error, responses } = (await context.members[1].do(ask)) as {
        error: unknown;
        responses: [number, Uint8Array][];
      };
      same(error, null);
      same(
        responses.sort(([one], [other]) => one - other),
        [0, 1, 2].map((index) => [index, bytes]),
      );
    },
  },
  {
    id: "CA4",
    feature: "acks in part",
    title: "when a client does not answer in time, the answers of the others are there",
    async run(context) {
      const [a, b] = await three(context);
      a.answer("q", "a");
      b.answer("q", "b");
      const ask = { op: "ask", aim: {}, args: ["q"], timeout: 300 } as const;
      const { error, responses } = (await context.members[2].do(ask)) as {
        error: string;
        responses: string[];
      };
      same(error, "operation has timed out");
      same(responses.sort(), ["a", "b"]);
    },
  },
  {
    id: "CA4",
    feature: "acks of none",
    title: "a question that reaches no client is answered by none, at once",
    async run(context) {
      await three(context);
      const ask = { op: "ask", aim: { rooms: ["empty"] }, args: ["q"], timeout: 60_000 } as const;
      same(await context.members[0].do(ask), { error: null, responses: [] });
    },
  },
  {
    id: "CA5",
    feature: "fetchSockets",
    title: "sockets of every server are found with rooms, data and handshake",
    async run(context) {
      const [a, b, c] = await three(context);
      const [one, two, last] = context.members;
      await two.do({ op: "own data", id: b.id, data: { name: "é" } });
      await two.do({ op: "own join", id: b.id, rooms: ["r"] });
      const all = await fetched(one);
      same(
        all.map(({ id }) => id),
        sorted([a, b, c]),
      );
      holds(
        all.every(({ hasHandshake }) => hasHandshake),
        "each has its handshake",
      );
      const [found, ...others] = await fetched(last, { rooms: ["r"] });
      same(others.length, 0);
      same(found?.rooms, [b.id, "r"].sort());
      same(found?.data, { name: "é" });
    },
  },
  {
    id: "CA5",
    feature: "fetchSockets, binary",
    title: "data of a socket of another server may have bytes in it",
    async run(context) {
      const [a] = await three(context);
      const [one, two] = context.members;
      await one.do({ op: "own data", id: a.id, data: { bytes: new Uint8Array([9, 255]) } });
      const [found] = await fetched(two, { rooms: [a.id] });
      same(found?.data, { bytes: new Uint8Array([9, 255]) });
    },
  },
  {
    id: "CA5",
    feature: "allSockets",
    title: "the ids of the sockets of every server are found",
    async run(context) {
      const clients = await three(context);
      same(await context.members[0].do({ op: "ids", aim: {} }), sorted(clients));
    },
  },
  {
    id: "CA5",
    feature: "remote sockets",
    title: "a socket of another server answers, joins, leaves and is disconnected",
    async run(context) {
      const [a, b] = await three(context);
      const [one, two] = context.members;
      const aim = { rooms: [b.id] };
      b.answer("q", "from b");
      const answer = await one.do({ op: "remote", aim, act: "ask", args: ["q", 1] });
      same(answer, { error: null, responses: "from b" });
      await one.do({ op: "remote", aim, act: "join", args: ["r1"] });
      await until(
        context,
        () => fetched(two, aim),
        ([found]) => found?.rooms.includes("r1") === true,
      );
      await one.do({ op: "remote", aim, act: "leave", args: ["r1"] });
      await until(
        context,
        () => fetched(two, aim),
        ([found]) => found?.rooms.includes("r1") === false,
      );
      await one.do({ op: "remote", aim, act: "disconnect", args: [true] });
      await b.left;
      holds(!sorted(await Promise.all([a])).includes(b.id), "only this one");
    },
  },
  {
    id: "CA6",
    feature: "socketsJoin, socketsLeave",
    title: "sockets of every server join and leave rooms",
    async run(context) {
      const clients = await three(context);
      const [a, b, c] = clients;
      const [one, two] = context.members;
      await one.do({ op: "join", aim: { except: [c.id] }, change: ["r1", "r2"] });
      await one.do({ op: "emit", aim: { rooms: ["r1"] }, args: ["x"] });
      same(await heard([a, b]), [["x"], ["x"]]);
      await two.do({ op: "leave", aim: { rooms: ["r2"], except: [b.id] }, change: ["r1"] });
      await two.do({ op: "emit", aim: { rooms: ["r1"] }, args: ["y"] });
      same(await b.next(), ["y"]);
      await nothingElse(one, clients);
    },
  },
  {
    id: "CA6",
    feature: "disconnectSockets",
    title: "sockets of every server are disconnected, and no others",
    async run(context) {
      const [a, b, c] = await three(context);
      const [one] = context.members;
      await one.do({ op: "disconnect", aim: { except: [c.id] } });
      await Promise.all([a.left, b.left]);
      await nothingElse(one, [c]);
    },
  },
  {
    id: "CA7",
    feature: "serverSideEmit",
    title: "an event for the servers reaches all others, and not the sender",
    async run(context) {
      const [one, two, last] = context.members;
      const args = ["side", 1, { a: "é" }];
      await one.do({ op: "side", args });
      for (const member of [two, last]) {
        const found = await until(
          context,
          () => member.do({ op: "side heard" }) as Promise<unknown[]>,
          (events) => events.length > 0,
        );
        same(found, [args.slice(1)]);
      }
      same(await one.do({ op: "side heard" }), []);
    },
  },
  {
    id: "CA7",
    feature: "serverSideEmit, binary",
    title: "bytes reach the other servers as bytes",
    async run(context) {
      const [one, two] = context.members;
      await one.do({ op: "side", args: ["side", new Uint8Array([1, 255])] });
      const found = await until(
        context,
        () => two.do({ op: "side heard" }) as Promise<unknown[]>,
        (events) => events.length > 0,
      );
      same(found, [[new Uint8Array([1, 255])]]);
      await context.members[2].do({ op: "side heard" });
    },
  },
  {
    id: "CA7",
    feature: "serverSideEmitWithAck",
    title: "a question to the servers is answered by each of the others",
    async run({ members: [one] }) {
      const { error, responses } = (await one.do({ op: "side ask", args: ["question", 1, 2] })) as {
        error: unknown;
        responses: string[];
      };
      same(error, null);
      same(responses.sort(), ["two 1,2", "three 1,2"].sort());
    },
  },
  {
    id: "CA8",
    feature: "namespaces",
    title: "namespaces do not hear each other, and each has all that the main one has",
    async run(context) {
      const [one, two] = context.members;
      const main = await three(context);
      const other = await three(context, "/other");
      await one.do({ op: "emit", aim: { nsp: "/other" }, args: ["x"] });
      same(await heard(other), Array(3).fill(["x"]));
      same(
        (await fetched(two, { nsp: "/other" })).map(({ id }) => id),
        sorted(other),
      );
      await nothingElse(two, main);
      await nothingElse(two, other, "/other");
    },
  },
  {
    id: "CA8",
    feature: "patterns",
    title:
      "what is sent by a pattern reaches its namespaces on every server that has them, answers too",
    async run({ members: [one, two, last] }) {
      const a = await one.connect("/dynamic-1");
      const b = await two.connect("/dynamic-1");
      const aim = { isPattern: true };
      a.answer("q", "a");
      b.answer("q", "b");
      await one.do({ op: "emit", aim, args: ["x"] });
      same(await heard([a, b]), [["x"], ["x"]]);
      // The third server has no such namespace: nothing of it is waited for.
      const ask = { op: "ask", aim, args: ["q"], timeout: 60_000 } as const;
      const { error, responses } = (await two.do(ask)) as { error: unknown; responses: string[] };
      same([error, responses.sort()], [null, ["a", "b"]]);
      same(
        (await fetched(one, { nsp: "/dynamic-1" })).map(({ id }) => id),
        sorted([a, b]),
      );
      const c = await last.connect("/dynamic-1");
      await one.do({ op: "emit", aim, args: ["y"] });
      same(await heard([c]), [["y"]]);
    },
  },
  {
    id: "CA9",
    feature: "serverCount, leaving",
    title: "a server that is closed is waited for by nobody",
    async run(context) {
      const [a, b] = await three(context);
      const [one, two, last] = context.members;
      same(await one.do({ op: "count" }), 3);
      await last.close();
      for (const member of [one, two]) {
        await until(
          context,
          () => member.do({ op: "count" }),
          (count) => count === 2,
        );
      }
      same(
        (await fetched(one)).map(({ id }) => id),
        sorted([a, b]),
      );
      same(await two.do({ op: "side ask", args: ["question", 1] }), {
        error: null,
        responses: ["one 1"],
      });
    },
  },
  {
    id: "CA9",
    feature: "crash",
    title: "a server that has crashed is waited for until that is noticed, then by nobody",
    async run(context) {
      const [a, b, c] = await three(context);
      const [one, two, last] = context.members;
      a.answer("q", "a");
      b.answer("q", "b");
      // The question reaches the client, whose answer can no longer come.
      const timeout = context.noticesAfter + 20_000;
      const asked = one.do({ op: "ask", aim: {}, args: ["q"], timeout });
      same(await c.next(), ["q"]);
      const began = Date.now();
      await last.kill();
      const { error, responses } = (await asked) as { error: string; responses: string[] };
      holds(/clients cannot answer/.test(error), `"${error}" says that clients are lost`);
      same(responses.sort(), ["a", "b"]);
      holds(Date.now() - began < context.noticesAfter + 3000, "noticed in time");
      same(
        (await fetched(two)).map(({ id }) => id),
        sorted([a, b]),
      );
      same(await one.do({ op: "count" }), 2);
    },
  },
];
