// The engine's errors: code, message, status and body, and what `connection_error` reports.

import { answerOf, bare, handshakeHead, refusal } from "../answers.ts";
import { BASE, type Bench, POLLING, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

/** Sends a request; resolves to its answer and to what was reported. */
async function refusedHttp(bench: Bench, path: string, method = "GET"): Promise<unknown> {
  const answer = answerOf(await bench.fetch({ path, method }));
  const [reported] = await bench.heard("connection_error");
  return { answer, reported };
}

const refused = (code: number, message: string, context: object): unknown => ({
  answer: refusal(code, message),
  reported: { code, message, context },
});

const code3 = (name: string, more: object = {}): unknown =>
  refused(3, "Bad request", { name, ...more });

/** The bytes with which a WebSocket handshake is refused, without the time. */
async function refusedUpgrade(bench: Bench, path: string): Promise<string> {
  return (await bench.transcript(handshakeHead(path))).replaceAll(/^Date: .*\r\n/gm, "");
}

/** The refusal of a WebSocket handshake, byte for byte. */
function upgradeRefusal(message: string): string {
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Connection: close",
    "Content-type: text/html",
    `Content-Length: ${message.length}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${message}`;
}

const simple = (id: string, title: string, path: string): Omit<BlackBoxCase, "expected"> => ({
  id,
  title,
  rules: [],
  run: async (bench) => answerOf(await bench.fetch({ path })),
});

const http: readonly BlackBoxCase[] = [
  {
    id: "transport",
    title: "code 0: an unknown transport",
    rules: ["EN30", "NH26"],
    run: (bench) => refusedHttp(bench, "/socket.io/?EIO=4&transport=carrier-pigeon"),
    expected: refused(0, "Transport unknown", { transport: "carrier-pigeon" }),
  },
  {
    ...simple("no-transport", "code 0: no transport", BASE),
    rules: ["EN30"],
    expected: refusal(0, "Transport unknown"),
  },
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "webtransport", ""].map(
    (name): BlackBoxCase => ({
      ...simple(`transport-${name}`, `code 0: transport=${name}`, `${BASE}&transport=${name}`),
      rules: ["EN30"],
      expected: refusal(0, "Transport unknown"),
    }),
  ),
  {
    id: "session",
    title: "code 1: an unknown session",
    rules: ["EN31", "NH26"],
    run: (bench) => refusedHttp(bench, `${POLLING}&sid=nobody`),
    expected: refused(1, "Session ID unknown", { sid: "nobody" }),
  },
  ...["__proto__", "constructor", "toString"].map(
    (sid): BlackBoxCase => ({
      ...simple(`session-${sid}`, `code 1: sid=${sid}`, `${POLLING}&sid=${sid}`),
      rules: ["EN31"],
      expected: refusal(1, "Session ID unknown"),
    }),
  ),
  {
    id: "ended-session",
    title: "code 1: a session that has ended",
    rules: ["EN31"],
    async run(bench) {
      const session = await bench.polling();
      await session.post("1");
      await session.reason();
      return [answerOf(await session.poll()), answerOf(await session.post("3"))];
    },
    expected: [refusal(1, "Session ID unknown"), refusal(1, "Session ID unknown")],
  },
  {
    id: "method",
    title: "code 2: a handshake that is no GET",
    rules: ["EN32", "NH26"],
    run: (bench) => refusedHttp(bench, POLLING, "POST"),
    expected: refused(2, "Bad handshake method", { method: "POST" }),
  },
  ...["PUT", "DELETE", "PATCH", "OPTIONS"].map(
    (method): BlackBoxCase => ({
      id: `method-${method}`,
      title: `a ${method} without a session: code 2`,
      rules: ["EN32"],
      run: async (bench) => answerOf(await bench.fetch({ method, path: POLLING })),
      expected: refusal(2, "Bad handshake method"),
    }),
  ),
  {
    id: "foreign-transport",
    title: "code 3: a session asked for over another transport",
    rules: ["EN33", "NH26"],
    async run(bench) {
      const session = await bench.polling();
      const { answer, reported } = (await refusedHttp(
        bench,
        `${WEBSOCKET}&sid=${session.sid}`,
      )) as { answer: unknown; reported: { code: number; context: { name: string } } };
      return [answer, reported.code, reported.context.name, await session.proveOpen()];
    },
    expected: [refusal(3, "Bad request"), 3, "TRANSPORT_MISMATCH", "open"],
  },
  {
    id: "foreign-revision",
    title: "code 3: a session asked for in another revision of the protocol",
    rules: ["EN33", "LE7"],
    async run(bench) {
      const session = await bench.polling();
      const path = `/socket.io/?EIO=3&transport=polling&sid=${session.sid}`;
      const { answer, reported } = (await refusedHttp(bench, path)) as {
        answer: unknown;
        reported: { context: { name: string } };
      };
      return [answer, reported.context.name, await session.proveOpen()];
    },
    expected: [refusal(3, "Bad request"), "PROTOCOL_MISMATCH", "open"],
  },
  {
    id: "plain-websocket",
    title: "code 3: the websocket transport over plain HTTP",
    rules: ["EN33", "NH26"],
    run: (bench) => refusedHttp(bench, WEBSOCKET),
    expected: code3("TRANSPORT_HANDSHAKE_ERROR"),
  },
  {
    id: "revision",
    title: "code 5: another revision of the protocol",
    rules: ["EN35", "NH26"],
    run: (bench) => refusedHttp(bench, "/socket.io/?EIO=3&transport=polling"),
    expected: refused(5, "Unsupported protocol version", { protocol: 3 }),
  },
  {
    ...simple(
      "no-revision",
      "code 5: no revision of the protocol",
      "/socket.io/?transport=polling",
    ),
    rules: ["EN35"],
    expected: refusal(5, "Unsupported protocol version"),
  },
  ...["5", "04", "4.0", "four", ""].map(
    (revision): BlackBoxCase => ({
      ...simple(
        `revision-${revision}`,
        `code 5: EIO=${revision}`,
        `/socket.io/?EIO=${revision}&transport=polling`,
      ),
      rules: ["EN35"],
      expected: refusal(5, "Unsupported protocol version"),
    }),
  ),
  ...["PUT", "DELETE", "PATCH", "OPTIONS"].map(
    (method): BlackBoxCase => ({
      id: `session-method-${method}`,
      title: `a ${method} with a session: 500, the session stays`,
      rules: ["EN19"],
      async run(bench) {
        const session = await bench.polling();
        const answer = answerOf(await bench.fetch({ method, path: session.path }));
        return { answer, session: await session.proveOpen() };
      },
      expected: { answer: bare(500), session: "open" },
    }),
  ),
];

const upgrades: readonly BlackBoxCase[] = [
  {
    id: "upgrade-transport",
    title: "an unknown transport",
    rules: ["EN36"],
    run: (bench) => refusedUpgrade(bench, `${BASE}&transport=foo`),
    expected: upgradeRefusal("Transport unknown"),
  },
  {
    id: "upgrade-constructor",
    title: "transport=constructor",
    rules: ["EN36"],
    run: (bench) => refusedUpgrade(bench, `${BASE}&transport=constructor`),
    expected: upgradeRefusal("Transport unknown"),
  },
  {
    id: "upgrade-session",
    title: "an unknown session",
    rules: ["EN36"],
    run: (bench) => refusedUpgrade(bench, `${WEBSOCKET}&sid=nobody`),
    expected: upgradeRefusal("Session ID unknown"),
  },
  {
    id: "upgrade-revision",
    title: "another revision of the protocol",
    rules: ["EN36"],
    async run(bench) {
      const answer = await refusedUpgrade(bench, "/socket.io/?EIO=3&transport=websocket");
      return answer.startsWith("HTTP/1.1 101") ? "101" : answer;
    },
    expected: upgradeRefusal("Unsupported protocol version"),
    control: {
      expected: "101",
      reason: "it switches protocols first, and writes the refusal after that",
    },
  },
  {
    id: "upgrade-foreign-revision",
    title: "a session of another revision",
    rules: ["EN36"],
    async run(bench) {
      const { sid } = await bench.handshake();
      return await refusedUpgrade(bench, `/socket.io/?EIO=3&transport=websocket&sid=${sid}`);
    },
    expected: upgradeRefusal("Bad request"),
  },
];

const refusedUpgrades = upgrades.map(
  (each): BlackBoxCase => ({ ...each, needs: ["upgrade refusals"] }),
);

const others: readonly BlackBoxCase[] = [
  {
    id: "upgrade-refused",
    title: "a WebSocket client sees the refusal, and the session it asked for is unaffected",
    rules: ["EN36"],
    async run(bench) {
      const session = await bench.polling();
      const { status } = await bench.websocket(`${WEBSOCKET}&sid=foreign`).refused();
      return [status, await session.proveOpen()];
    },
    expected: [400, "open"],
  },
  {
    id: "upgrade-polling",
    title: "an upgrade that names polling is accepted, then closed",
    rules: ["EN37"],
    async run(bench) {
      const ws = bench.websocket(POLLING);
      await ws.opened();
      return await ws.closeCode();
    },
    expected: 1005,
  },
];

export const errors: Chapter = {
  feature: "errors",
  cases: [...http, ...refusedUpgrades, ...others],
};
