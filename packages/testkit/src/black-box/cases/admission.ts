// `allowRequest`, and the engine's own hooks: middleware, listeners of headers, ids.

import { answerOf, openPacket, pollAnswer, refusal } from "../answers.ts";
import { type Bench, POLLING } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const get = async (bench: Bench) => answerOf(await bench.fetch({ path: POLLING }));

/** How a WebSocket handshake ends: open, or the status and body of its refusal. */
async function websocket(bench: Bench): Promise<unknown> {
  const ws = bench.websocket();
  return await Promise.race([
    ws.opened().then(() => "open"),
    ws.refused().then(({ status, text }) => [status, text]),
  ]);
}

const opened = pollAnswer(openPacket(["websocket"]));

const gate: readonly Omit<BlackBoxCase, "application">[] = [
  {
    id: "yes",
    title: "allowRequest accepts",
    rules: ["NH23"],
    parameters: "yes",
    run: async (bench) => [await get(bench), await websocket(bench)],
    expected: [opened, "open"],
  },
  {
    id: "no",
    title: "code 4: allowRequest says no",
    rules: ["EN34", "NH24"],
    parameters: "no",
    run: get,
    expected: refusal(4, "Forbidden", 403),
  },
  {
    id: "why",
    title: "code 4: allowRequest says why",
    rules: ["EN34", "NH24", "NH26"],
    parameters: "why",
    run: async (bench) => [await get(bench), await bench.heard("connection_error")],
    expected: [
      refusal(4, "closed on Sundays", 403),
      [{ code: 4, message: "Forbidden", context: { message: "closed on Sundays" } }],
    ],
  },
  {
    id: "later-yes",
    title: "allowRequest accepts later",
    rules: ["EN7", "NH23"],
    parameters: "later yes",
    run: async (bench) => [await get(bench), await websocket(bench)],
    expected: [opened, "open"],
  },
  {
    id: "later-why",
    title: "allowRequest refuses later",
    rules: ["EN7", "NH24"],
    parameters: "later why",
    run: get,
    expected: refusal(4, "closed on Sundays", 403),
  },
  {
    id: "twice",
    title: "only the first decision counts",
    rules: ["NH25"],
    parameters: "twice",
    run: get,
    expected: refusal(4, "Forbidden", 403),
  },
  {
    id: "websocket-no",
    title: "allowRequest says no: still 400",
    rules: ["EN36", "NH24"],
    needs: ["upgrade refusals"],
    parameters: "why",
    run: websocket,
    expected: [400, "closed on Sundays"],
  },
  {
    id: "handshakes-only",
    title: "allowRequest is asked for handshakes only",
    rules: ["EN7", "NH23"],
    parameters: "yes",
    async run(bench) {
      const session = await bench.polling();
      await session.proveOpen();
      await bench.joined();
      const asked = (await bench.heardSoFar()).filter(([name]) => name === "asked");
      return asked.map(([, path]) => String(path).replace(/&t=.*/, ""));
    },
    expected: ["/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket"],
  },
  {
    id: "session-unharmed",
    title: "a handshake that was refused leaves no session behind",
    rules: ["EN38"],
    parameters: "no",
    run: async (bench) => [await get(bench), await bench.call("engine", "clientsCount")].slice(1),
    expected: [0],
  },
];

export const allowRequest: Chapter = {
  feature: "allowRequest",
  cases: gate.map((each) => ({ ...each, application: "gate" })),
};

const engineCases: readonly Omit<BlackBoxCase, "application">[] = [
  {
    id: "headers",
    title: "headers and initial_headers are added to",
    rules: ["EN8", "NH28"],
    parameters: "headers",
    async run(bench) {
      const first = await bench.fetch({ path: POLLING });
      const session = await bench.handshake();
      const later = await session.post("40");
      return [first, later].map(({ headers }) => [headers["x-initial"], headers["x-each"]]);
    },
    expected: [
      ["1", "2"],
      [undefined, "2"],
    ],
  },
  {
    id: "headers-websocket",
    title: "headers and initial_headers are added to the 101 too",
    rules: ["EN8", "NH28"],
    parameters: "headers",
    async run(bench) {
      const headers = await bench.websocket().opened();
      return [headers["x-initial"], headers["x-each"]];
    },
    expected: ["1", "2"],
  },
  {
    id: "headers-cookie",
    title: "a listener of initial_headers sets a cookie",
    rules: ["NH28"],
    parameters: "sets a cookie",
    run: async (bench) => [(await bench.fetch({ path: POLLING })).headers["set-cookie"]].flat(),
    expected: ["mine=1; Path=/"],
  },
  ...["adds a header", "adds a header later"].map(
    (parameters): Omit<BlackBoxCase, "application"> => ({
      id: `middleware-${parameters.replaceAll(" ", "-")}`,
      title: `middleware ${parameters}: over polling, and to the 101`,
      rules: ["NH30"],
      needs: ["node middleware"],
      parameters,
      async run(bench) {
        const poll = await bench.fetch({ path: POLLING });
        const open = await bench.websocket().opened();
        return [poll.headers["x-middleware"], open["x-middleware"]];
      },
      expected: parameters.endsWith("later") ? ["later", "later"] : ["here", "here"],
    }),
  ),
  {
    id: "middleware-order",
    title: "middleware runs in order, before every request",
    rules: ["NH30"],
    needs: ["node middleware"],
    parameters: "in order",
    async run(bench) {
      const session = await bench.handshake();
      await session.post("40");
      return (await bench.heardSoFar()).filter(([name]) => name === "middleware");
    },
    expected: [
      ["middleware", "first", false],
      ["middleware", "second", false],
      ["middleware", "first", true],
      ["middleware", "second", true],
    ],
  },
  {
    id: "middleware-fails",
    title: "code 3: an engine middleware fails",
    rules: ["EN33", "NH31"],
    needs: ["node middleware"],
    parameters: "fails",
    async run(bench) {
      const answer = await get(bench);
      const [reported] = await bench.heard("connection_error");
      const { code, context } = reported as { code: number; context: { name: string } };
      return [answer, code, context.name];
    },
    expected: [refusal(3, "Bad request"), 3, "MIDDLEWARE_FAILURE"],
  },
  {
    id: "middleware-fails-websocket",
    title: "an engine middleware fails",
    rules: ["EN36", "NH31"],
    needs: ["node middleware", "upgrade refusals"],
    parameters: "fails",
    run: websocket,
    expected: [400, "Bad request"],
  },
  {
    id: "middleware-answers",
    title: "middleware answers by itself",
    rules: ["NH32"],
    needs: ["node middleware"],
    parameters: "answers",
    async run(bench) {
      const { status, text } = await bench.fetch({ path: POLLING });
      return [status, text, await bench.call("engine", "clientsCount")];
    },
    expected: [402, "pay first", 0],
  },
  {
    id: "own-ids",
    title: "ids of the application's own",
    rules: ["EN4", "NH27"],
    parameters: "ids of its own",
    async run(bench) {
      const { sid } = await bench.handshake();
      const first = await bench.websocket().text();
      return [sid, (JSON.parse(first.slice(1)) as { sid: string }).sid];
    },
    expected: ["id-1", "id-2"],
  },
  {
    id: "later-ids",
    title: "ids that come later",
    rules: ["EN4", "NH27"],
    parameters: "ids that come later",
    async run(bench) {
      const session = await bench.polling();
      return [session.sid, await session.proveOpen()];
    },
    expected: ["a-later-id", "open"],
  },
  {
    id: "no-ids",
    title: "code 3: no id could be generated",
    rules: ["EN33", "NH27"],
    parameters: "no ids",
    async run(bench) {
      const answer = await get(bench);
      const [reported] = await bench.heard("connection_error");
      return [answer, (reported as { context: { name: string } }).context.name];
    },
    expected: [refusal(3, "Bad request"), "ID_GENERATION_ERROR"],
  },
  {
    id: "clients-count",
    title: "clientsCount is the number of open connections",
    rules: ["NH14"],
    async run(bench) {
      const session = await bench.polling();
      const { ws, id } = await bench.joined();
      const two = await bench.call("engine", "clientsCount");
      ws.close();
      await bench.reason(id);
      const one = await bench.call("engine", "clientsCount");
      await session.post("1");
      await session.reason();
      return [two, one, await bench.call("engine", "clientsCount")];
    },
    expected: [2, 1, 0],
  },
];

export const engine: Chapter = {
  feature: "engine",
  cases: engineCases.map((each) => ({ ...each, application: "engine" })),
};
