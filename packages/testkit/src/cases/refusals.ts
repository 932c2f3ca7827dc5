// Refused requests: each error code, over HTTP and as the answer to a WebSocket handshake.

import { holds, same } from "../claims.ts";
import {
  dial,
  type EngineCase,
  type EngineContext,
  openPolling,
  openWebSocket,
  POLLING,
  WEBSOCKET,
} from "./context.ts";

/** Claims that a request is refused, on the wire and in the report to the layer above. */
async function refused(
  context: EngineContext,
  [method, query]: readonly [method: string, query: string],
  expected: {
    readonly status?: number;
    readonly code: number;
    readonly message: string;
    readonly context: object;
  },
): Promise<void> {
  const told = context.recorder.refused.length;
  const before = context.engine.connections.size;
  const { status, headers, body } = await context.ask(method, query).answer;
  const { code, message } = expected;
  same(body, JSON.stringify({ code, message }), "body");
  same([status, headers["content-type"]], [expected.status ?? 400, "application/json"]);
  same(context.recorder.refused.length, told + 1, "times told");
  const refusal = context.recorder.refused[told];
  same([refusal?.code, refusal?.message, refusal?.context], [code, message, expected.context]);
  same(context.engine.connections.size, before, "sessions");
}

const NO_TRANSPORT = { code: 0, message: "Transport unknown" };
const NO_SESSION = { code: 1, message: "Session ID unknown" };
const BAD_REQUEST = { code: 3, message: "Bad request" };

export const refusalCases: readonly EngineCase[] = [
  {
    id: "EN30",
    title: "a transport that is unknown, missing or not for HTTP is refused",
    async run(context) {
      for (const name of ["tobi", "constructor", "__proto__", "", "webtransport", "Polling"]) {
        const expected = { ...NO_TRANSPORT, context: { transport: name } };
        await refused(context, ["GET", `EIO=4&transport=${name}`], expected);
      }
      await refused(context, ["GET", "EIO=4"], { ...NO_TRANSPORT, context: { transport: null } });
      await refused(context, ["GET", ""], { ...NO_TRANSPORT, context: { transport: null } });
    },
  },
  {
    id: "EN30",
    title: "a transport that is off is refused",
    options: { transports: ["websocket"] },
    async run(context) {
      await refused(context, ["GET", POLLING], {
        ...NO_TRANSPORT,
        context: { transport: "polling" },
      });
      await openWebSocket(context);
    },
  },
  {
    id: "EN31",
    title: "a session that is unknown, or over, is refused to every method",
    async run(context) {
      for (const method of ["GET", "POST", "PUT"]) {
        const expected = { ...NO_SESSION, context: { sid: "constructor" } };
        await refused(context, [method, `${POLLING}&sid=constructor`], expected);
      }
      const { sid, query, session } = await openPolling(context);
      session.connection.close("discard");
      await refused(context, ["GET", query], { ...NO_SESSION, context: { sid } });
    },
  },
  {
    id: "EN32",
    title: "a session begins with GET",
    async run(context) {
      for (const method of ["POST", "OPTIONS", "PUT"]) {
        await refused(context, [method, POLLING], {
          code: 2,
          message: "Bad handshake method",
          context: { method },
        });
      }
    },
  },
  {
    id: "EN33",
    title: "a WebSocket cannot be asked for with a plain request",
    async run(context) {
      const expected = { ...BAD_REQUEST, context: { name: "TRANSPORT_HANDSHAKE_ERROR" } };
      await refused(context, ["GET", WEBSOCKET], expected);
    },
  },
  {
    id: "EN33",
    title: "a request for another transport than the session's is refused, and does not harm it",
    async run(context) {
      const { peer, session, sid } = await openWebSocket(context);
      for (const method of ["GET", "POST"]) {
        await refused(context, [method, `${POLLING}&sid=${sid}`], {
          ...BAD_REQUEST,
          context: {
            name: "TRANSPORT_MISMATCH",
            transport: "polling",
            previousTransport: "websocket",
          },
        });
      }
      peer.transmit("4a");
      same(await session.messages.next(), "a");
    },
  },
  {
    id: "EN33",
    title: "a request in another revision than the session's is refused, and does not harm it",
    async run(context) {
      const { sid, post } = await openPolling(context);
      await refused(context, ["GET", `EIO=3&transport=polling&sid=${sid}`], {
        ...BAD_REQUEST,
        context: { name: "PROTOCOL_MISMATCH", protocol: 3 },
      });
      same((await post("4a").answer).status, 200);
    },
  },
  {
    id: "EN33",
    title: "a failure to make an id is refused, whichever way it failed",
    hooks: {
      makeId({ url }) {
        if (url.includes("throw=")) throw new Error("no id");
        if (url.includes("number=")) return 5 as unknown as string;
        if (url.includes("later=")) return Promise.resolve(5 as unknown as string);
        if (url.includes("nothing=")) return undefined as unknown as string;
        return Promise.reject(new Error("no id"));
      },
    },
    async run(context) {
      for (const way of ["throw=", "number=", "later=", "nothing=", ""]) {
        const { status, body } = await context.ask("GET", `${POLLING}&${way}`).answer;
        same([status, body], [400, '{"code":3,"message":"Bad request"}'], way);
        const { context: details } = context.recorder.refused.at(-1) ?? {};
        same(details?.name, "ID_GENERATION_ERROR", way);
      }
      same(context.engine.connections.size, 0, "sessions");
    },
  },
  {
    id: "EN33",
    title: "an id that is taken already is refused, and its owner is not harmed",
    hooks: { makeId: () => "same" },
    async run(context) {
      const { post, session } = await openPolling(context);
      const { status } = await context.ask("GET", POLLING).answer;
      same(status, 400);
      same((await post("4a").answer).status, 200);
      same(await session.messages.next(), "a");
    },
  },
  {
    id: "EN34",
    title: "what was not allowed is refused with 403, and with the words of whoever decided",
    hooks: {
      allow(request, decide) {
        const says = request.url.includes("words=") ? { message: "not today" } : {};
        decide({ allowed: false, ...says });
      },
    },
    async run(context) {
      await refused(context, ["GET", POLLING], {
        status: 403,
        code: 4,
        message: "Forbidden",
        context: { message: undefined },
      });
      await refused(context, ["GET", `${POLLING}&words=1`], {
        status: 403,
        code: 4,
        message: "not today",
        context: { message: "not today" },
      });
    },
  },
  {
    id: "EN35",
    title: "any revision but 4 is refused",
    async run(context) {
      for (const revision of ["EIO=3", "EIO=5", "EIO=44", "EIO=", "x=4"]) {
        await refused(context, ["GET", `${revision}&transport=polling`], {
          code: 5,
          message: "Unsupported protocol version",
          context: { protocol: 3 },
        });
      }
    },
  },
  {
    id: "EN36",
    title: "a WebSocket handshake is refused with 400 and the bare message, whatever the code",
    hooks: { allow: (request, decide) => decide({ allowed: !request.url.includes("no=") }) },
    async run(context) {
      const rows = [
        ["EIO=4&transport=tobi", "Transport unknown", 0],
        [`${WEBSOCKET}&sid=unknown`, "Session ID unknown", 1],
        [`${WEBSOCKET}&no=1`, "Forbidden", 4],
        ["EIO=3&transport=websocket", "Unsupported protocol version", 5],
      ] as const;
      for (const [query, message, code] of rows) {
        same(await context.dial(query), { kind: "refused", status: 400, body: message }, query);
        same(context.recorder.refused.at(-1)?.code, code, query);
      }
      same(context.recorder.refused.length, rows.length, "times told");
      same(context.engine.connections.size, 0, "sessions");
    },
  },
  {
    id: "EN37",
    title: "a WebSocket for a transport that has none is closed at once",
    async run(context) {
      const peer = await dial(context, POLLING);
      await peer.closed;
      same(peer.unread, [], "frames");
      same(context.engine.connections.size, 0, "sessions");
      const { sid, post } = await openPolling(context);
      const candidate = await dial(context, `${POLLING}&sid=${sid}`);
      await candidate.closed;
      same((await post("4a").answer).status, 200);
      holds(!context.recorder.session(sid).connection.isUpgrading, "no upgrade began");
    },
  },
];
