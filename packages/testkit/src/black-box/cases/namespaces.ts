// Namespaces: joining and leaving, credentials, middleware, patterns.

import { withoutIds } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

/** Sends a CONNECT on a fresh WebSocket; resolves to the answer. */
async function answerTo(bench: Bench, connect: string): Promise<string> {
  const ws = bench.websocket();
  await ws.text();
  ws.send(connect);
  return withoutIds(await ws.text());
}

const joining: readonly BlackBoxCase[] = [
  {
    id: "comma",
    title: "CONNECT to another namespace, with and without a comma",
    rules: ["SO1", "PR11"],
    async run(bench) {
      await bench.record("/admin");
      return [await answerTo(bench, "40/admin,"), await answerTo(bench, "40/admin")];
    },
    expected: ['40/admin,{"sid":"SID"}', '40/admin,{"sid":"SID"}'],
  },
  {
    id: "auth",
    title: "CONNECT with credentials",
    rules: ["SO54"],
    async run(bench) {
      const { id } = await bench.joined('40{"token":"123"}');
      return await bench.socket(id, "handshake", "auth");
    },
    expected: { token: "123" },
  },
  {
    id: "shared",
    title: "DISCONNECT leaves one namespace, the connection stays",
    rules: ["SO4", "SO16"],
    async run(bench) {
      await bench.record("/admin");
      const { ws, id } = await bench.joined();
      ws.send("40/admin,");
      const admin = /"sid":"([^"]+)/.exec(await ws.text())?.[1] ?? "";
      ws.send("41", '42/admin,["still"]');
      return [id === admin, await bench.reason(id), await bench.heardOf(admin, "still")];
    },
    expected: [false, "client namespace disconnect", []],
  },
  {
    id: "again",
    title: "a namespace that was left is joined again, with another id",
    rules: ["SO47"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send("41");
      const reason = await bench.reason(id);
      ws.send("40");
      const welcome = await ws.text();
      return [reason, welcome.startsWith("40{"), welcome.includes(id)];
    },
    expected: ["client namespace disconnect", true, false],
  },
  {
    id: "polling",
    title: "several namespaces over polling",
    rules: ["SO4"],
    async run(bench) {
      await bench.record("/admin");
      const session = await bench.polling();
      await session.post("40/admin,\u001e40/nowhere,");
      let body = (await session.poll()).text;
      while (!body.includes("\u001e")) body += `\u001e${(await session.poll()).text}`;
      return body.split("\u001e").map(withoutIds).sort();
    },
    expected: ['40/admin,{"sid":"SID"}', '44/nowhere,{"message":"Invalid namespace"}'],
  },
  {
    id: "broadcast",
    title: "a broadcast stays in its namespace",
    rules: ["SO36"],
    async run(bench) {
      await bench.record("/admin");
      const main = await bench.joined();
      const admin = await bench.joined("40/admin,");
      await bench.call({ namespace: "/admin" }, ["emit", "x"]);
      await bench.call("io", ["emit", "y"]);
      return [await admin.ws.text(), await main.ws.text()];
    },
    expected: ['42/admin,["x"]', '42["y"]'],
  },
];

const middle = (
  parameters: string,
  each: Omit<BlackBoxCase, "application" | "parameters">,
): BlackBoxCase => ({ ...each, application: "middleware", parameters });

const middleware: readonly BlackBoxCase[] = [
  middle("refuses", {
    id: "refused",
    title: "a middleware refuses",
    rules: ["SO10"],
    run: (bench) => answerTo(bench, "40"),
    expected: '44{"message":"nope"}',
  }),
  middle("refuses with data", {
    id: "refused-with-data",
    title: "a middleware refuses with data",
    rules: ["SO10"],
    run: (bench) => answerTo(bench, "40"),
    expected: '44{"message":"nope","data":{"code":7}}',
  }),
  middle("refuses with data", {
    id: "refused-over-polling",
    title: "a middleware refuses over polling, the session stays",
    rules: ["SO10"],
    async run(bench) {
      const session = await bench.handshake();
      await session.post("40");
      const first = (await session.poll()).text;
      await session.post("40");
      return [first, (await session.poll()).text];
    },
    expected: ['44{"message":"nope","data":{"code":7}}', '44{"message":"nope","data":{"code":7}}'],
  }),
  middle("in order", {
    id: "in-order",
    title: "middleware runs in order, up to the one that refuses",
    rules: ["SO9", "SO10"],
    async run(bench) {
      const answer = await answerTo(bench, "40");
      return [answer, await bench.heardSoFar()];
    },
    expected: [
      '44{"message":"enough"}',
      [
        ["middleware", "first"],
        ["middleware", "second"],
      ],
    ],
  }),
  middle("a password", {
    id: "password",
    title: "middleware of one namespace decides by its credentials; others are not affected",
    rules: ["SO10", "SO15", "SO16"],
    run: async (bench) => [
      await answerTo(bench, '40/admin,{"password":"x"}'),
      await answerTo(bench, '40/admin,{"password":"sesame"}'),
      await answerTo(bench, "40"),
    ],
    expected: ['44/admin,{"message":"who are you?"}', '40/admin,{"sid":"SID"}', '40{"sid":"SID"}'],
  }),
  middle("decides later", {
    id: "later",
    title: "middleware decides later",
    rules: ["SO11"],
    run: (bench) => answerTo(bench, "40"),
    expected: '44{"message":"later"}',
  }),
  middle("keeps waiting", {
    id: "waiting",
    title: "two CONNECTs for one namespace before the first is through make one socket",
    rules: ["SO13", "SO53"],
    async run(bench) {
      await bench.record("/other");
      const ws = bench.websocket();
      await ws.text();
      ws.send("40");
      await bench.heard("waiting");
      const other = await answerTo(bench, "40/other,");
      ws.send("40");
      const second = await Promise.race([
        ws.closeCode().then((code) => `closed with ${code}`),
        bench.heard("waiting").then(() => "waits too"),
      ]);
      return [other, second];
    },
    expected: ['40/other,{"sid":"SID"}', "closed with 1005"],
    control: {
      expected: ['40/other,{"sid":"SID"}', "waits too"],
      reason: "it makes two sockets of one client",
    },
  }),
  middle("leaves data", {
    id: "data",
    title: "what middleware leaves in data is there later",
    rules: ["SO15", "SO45"],
    async run(bench) {
      const { id } = await bench.joined();
      return await bench.socket(id, "data");
    },
    expected: { user: "Ann" },
  }),
  middle("of events", {
    id: "of-events",
    title: "middleware of a socket keeps an event back, and its error is raised",
    rules: ["SO22"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send('421["forbidden"]', '422["ask","free"]');
      return [await bench.heardOf(id, "error"), await ws.text()];
    },
    expected: [["not that"], '432["free"]'],
  }),
  middle("patterns", {
    id: "pattern",
    title: "a pattern makes the namespaces that it matches",
    rules: ["SO70"],
    async run(bench) {
      const answers = [await answerTo(bench, "40/room-7,"), await answerTo(bench, "40/room-x,")];
      return [answers, await bench.heard("connection to a pattern")];
    },
    expected: [
      ['40/room-7,{"sid":"SID"}', '44/room-x,{"message":"Invalid namespace"}'],
      ["/room-7"],
    ],
  }),
];

export const namespaces: Chapter = { feature: "namespaces", cases: [...joining, ...middleware] };
