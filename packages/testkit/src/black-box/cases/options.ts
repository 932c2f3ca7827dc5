// Options as applications give them: wrong ones, and those that are read in more than one form.

import { answerOf, openPacket, pollAnswer } from "../answers.ts";
import { POLLING } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const cases: readonly BlackBoxCase[] = [
  {
    id: "zero-connect-timeout",
    title: "connectTimeout: 0 is the default",
    rules: ["NH40"],
    options: { connectTimeout: 0 },
    async run(bench) {
      const ws = bench.websocket();
      await ws.text();
      await bench.joined();
      ws.send("40");
      return (await ws.text()).slice(0, 3);
    },
    expected: "40{",
  },
  {
    id: "null",
    title: "null stands for none",
    rules: ["NH100"],
    options: { cookie: null, cors: null },
    run: async (bench) => answerOf(await bench.fetch({ path: POLLING })),
    expected: pollAnswer(openPacket(["websocket"])),
  },
  {
    id: "transports-text",
    title: "transports as a list with one name",
    rules: ["EN30"],
    options: { transports: ["websocket"] },
    run: async (bench) => [
      (await bench.fetch({ path: POLLING })).status,
      (await bench.websocket().text())[0],
    ],
    expected: [400, "0"],
  },
];

export const options: Chapter = { feature: "options", cases };
