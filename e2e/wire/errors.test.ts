// The engine's errors: code, message, HTTP status and body, and what the server is told of the context.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { Inbox } from "../kit/inbox.ts";
import { answerOf } from "../kit/raw-http.ts";
import { handshakeHead, openTcp } from "../kit/raw-tcp.ts";
import { refusal, upgradeRefusal } from "./answers.ts";
import { type Row, registerRows } from "./rows.ts";
import { BASE, type Wire } from "./wire.ts";

interface ConnectionError {
  readonly code: number;
  readonly message: string;
  readonly context: Record<string, unknown>;
}

/** Makes a request and returns its answer together with what `connection_error` told the server. */
async function refusedHttp(wire: Wire, path: string, method = "GET"): Promise<unknown> {
  const told = new Inbox("connection_error");
  wire.server.io.engine.on("connection_error", (error: ConnectionError) =>
    told.push("error", error),
  );
  const answer = answerOf(await wire.fetch({ path, method }));
  const [error] = (await told.take("error")) as [ConnectionError];
  return { answer, told: { code: error.code, message: error.message, context: contextOf(error) } };
}

/** The context as plain data; errors inside it by their message. */
function contextOf({ context }: ConnectionError): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      value instanceof Error ? value.message : value,
    ]),
  );
}

function refused(code: number, message: string, context: unknown): unknown {
  return { answer: refusal(code, message), told: { code, message, context } };
}

/** The bytes a WebSocket handshake is refused with, headers that carry the time left out. */
async function refusedUpgrade(wire: Wire, path: string): Promise<string> {
  using tcp = await openTcp(wire.port);
  tcp.write(handshakeHead(path));
  return (await tcp.ended()).replaceAll(/^Date: .*\r\n/gm, "");
}

/** The URLs allowRequest was asked about, for the one row that counts them. */
const asked: string[] = [];

const http: readonly Row[] = [
  {
    title: "code 0: an unknown transport",
    act: (wire) => refusedHttp(wire, "/socket.io/?EIO=4&transport=carrier-pigeon"),
    expect: refused(0, "Transport unknown", { transport: "carrier-pigeon" }),
  },
  {
    title: "code 0: no transport",
    act: async (wire) => answerOf(await wire.fetch({ path: "/socket.io/?EIO=4" })),
    expect: refusal(0, "Transport unknown"),
  },
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "webtransport", ""].map(
    (name): Row => ({
      title: `code 0: transport=${name}`,
      act: async (wire) =>
        answerOf(await wire.fetch({ path: `/socket.io/?EIO=4&transport=${name}` })),
      expect: refusal(0, "Transport unknown"),
    }),
  ),
  {
    title: "code 1: an unknown session",
    act: (wire) => refusedHttp(wire, `${BASE}&transport=polling&sid=nobody`),
    expect: refused(1, "Session ID unknown", { sid: "nobody" }),
  },
  ...["__proto__", "constructor", "toString"].map(
    (sid): Row => ({
      title: `code 1: sid=${sid}`,
      act: async (wire) =>
        answerOf(await wire.fetch({ path: `${BASE}&transport=polling&sid=${sid}` })),
      expect: refusal(1, "Session ID unknown"),
    }),
  ),
  {
    title: "code 2: a handshake that is no GET",
    act: (wire) => refusedHttp(wire, `${BASE}&transport=polling`, "POST"),
    expect: refused(2, "Bad handshake method", { method: "POST" }),
  },
  {
    // Node's own parser refuses such a header unless it is told to be lenient.
    title: "code 3: an Origin no browser sends",
    act: async (wire) => {
      const lenient = createServer({ insecureHTTPParser: true });
      wire.server.io.attach(lenient);
      await new Promise<void>((resolve) => lenient.listen(0, "127.0.0.1", resolve));
      using tcp = await openTcp((lenient.address() as AddressInfo).port);
      tcp.write(
        `GET ${BASE}&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://a\x01b\r\n\r\n`,
      );
      const [head = "", body] = (await tcp.ended()).split("\r\n\r\n");
      lenient.close();
      return [head.split("\r\n")[0], body?.includes('{"code":3,"message":"Bad request"}')];
    },
    expect: ["HTTP/1.1 400 Bad Request", true],
  },
  {
    title: "code 3: a session asked for over another transport",
    act: async (wire) => {
      const session = await wire.polling();
      return [
        await refusedHttp(wire, `${BASE}&transport=websocket&sid=${session.sid}`),
        await session.proveOpen(),
      ];
    },
    expect: [
      refused(3, "Bad request", expect.objectContaining({ name: "TRANSPORT_MISMATCH" })),
      "open",
    ],
  },
  {
    title: "code 3: a session asked for in another revision of the protocol",
    act: async (wire) => {
      const session = await wire.polling();
      return [
        await refusedHttp(wire, `/socket.io/?EIO=3&transport=polling&sid=${session.sid}`),
        await session.proveOpen(),
      ];
    },
    expect: [
      refused(3, "Bad request", expect.objectContaining({ name: "PROTOCOL_MISMATCH" })),
      "open",
    ],
  },
  {
    title: "code 3: the websocket transport over plain HTTP",
    act: (wire) => refusedHttp(wire, `${BASE}&transport=websocket`),
    expect: refused(
      3,
      "Bad request",
      expect.objectContaining({ name: "TRANSPORT_HANDSHAKE_ERROR" }),
    ),
  },
  {
    title: "code 3: an engine middleware fails",
    act: (wire) => {
      wire.server.io.engine.use(
        (_request: unknown, _response: unknown, next: (error: Error) => void) =>
          next(new Error("no entry")),
      );
      return refusedHttp(wire, `${BASE}&transport=polling`);
    },
    expect: refused(3, "Bad request", expect.objectContaining({ name: "MIDDLEWARE_FAILURE" })),
  },
  {
    title: "code 3: no id could be generated",
    act: (wire) => {
      wire.server.io.engine.generateId = () => Promise.reject(new Error("no ids left"));
      return refusedHttp(wire, `${BASE}&transport=polling`);
    },
    expect: refused(3, "Bad request", expect.objectContaining({ name: "ID_GENERATION_ERROR" })),
  },
  {
    title: "code 4: allowRequest says no",
    options: { allowRequest: (_request, allow) => allow(null, false) },
    act: async (wire) => answerOf(await wire.fetch({ path: `${BASE}&transport=polling` })),
    expect: refusal(4, "Forbidden", 403),
  },
  {
    title: "code 4: allowRequest says why",
    options: { allowRequest: (_request, allow) => allow("closed on Sundays", false) },
    act: (wire) => refusedHttp(wire, `${BASE}&transport=polling`),
    expect: {
      answer: refusal(4, "closed on Sundays", 403),
      told: { code: 4, message: "Forbidden", context: { message: "closed on Sundays" } },
    },
  },
  {
    title: "allowRequest is asked for handshakes only",
    act: async (wire) => {
      const session = await wire.polling();
      const sids = asked.splice(0).map((url) => url.includes("sid="));
      return [sids, await session.proveOpen()];
    },
    options: { allowRequest: (request, allow) => allow(null, asked.push(String(request.url)) > 0) },
    expect: [[false], "open"],
  },
  {
    title: "code 5: another revision of the protocol",
    act: (wire) => refusedHttp(wire, "/socket.io/?EIO=3&transport=polling"),
    expect: refused(5, "Unsupported protocol version", { protocol: 3 }),
  },
  {
    title: "code 5: no revision of the protocol",
    act: async (wire) => answerOf(await wire.fetch({ path: "/socket.io/?transport=polling" })),
    expect: refusal(5, "Unsupported protocol version"),
  },
  ...["5", "04", "4.0", "four", ""].map(
    (revision): Row => ({
      title: `code 5: EIO=${revision}`,
      act: async (wire) =>
        answerOf(await wire.fetch({ path: `/socket.io/?EIO=${revision}&transport=polling` })),
      expect: refusal(5, "Unsupported protocol version"),
    }),
  ),
];

const upgrades: readonly Row[] = [
  {
    title: "an unknown transport",
    act: (wire) => refusedUpgrade(wire, "/socket.io/?EIO=4&transport=foo"),
    expect: upgradeRefusal("Transport unknown"),
  },
  {
    title: "transport=constructor",
    act: (wire) => refusedUpgrade(wire, "/socket.io/?EIO=4&transport=constructor"),
    expect: upgradeRefusal("Transport unknown"),
  },
  {
    title: "an unknown session",
    act: (wire) => refusedUpgrade(wire, `${BASE}&transport=websocket&sid=nobody`),
    expect: upgradeRefusal("Session ID unknown"),
  },
  {
    title: "another revision of the protocol",
    act: (wire) => refusedUpgrade(wire, "/socket.io/?EIO=3&transport=websocket"),
    expect: upgradeRefusal("Unsupported protocol version"),
    upstream: {
      expect: expect.stringMatching(/^HTTP\/1.1 101 [\s\S]*Unsupported protocol version$/),
      reason: "it switches protocols first, and writes the refusal after that",
    },
  },
  {
    title: "a session of another revision",
    act: async (wire) =>
      refusedUpgrade(
        wire,
        `/socket.io/?EIO=3&transport=websocket&sid=${(await wire.handshake()).sid}`,
      ),
    expect: upgradeRefusal("Bad request"),
  },
  {
    title: "allowRequest says no: still 400",
    options: { allowRequest: (_request, allow) => allow("closed on Sundays", false) },
    act: (wire) => refusedUpgrade(wire, `${BASE}&transport=websocket`),
    expect: upgradeRefusal("closed on Sundays"),
  },
  {
    title: "an engine middleware fails",
    act: (wire) => {
      wire.server.io.engine.use(
        (_request: unknown, _response: unknown, next: (error: Error) => void) =>
          next(new Error("no entry")),
      );
      return refusedUpgrade(wire, `${BASE}&transport=websocket`);
    },
    expect: upgradeRefusal("Bad request"),
  },
  {
    title: "an upgrade that names polling is accepted, then closed",
    act: async (wire) => {
      const ws = wire.websocket(`${BASE}&transport=polling`);
      await ws.inbox.take("open");
      return [await ws.closeCode(), ws.inbox.kept("text")];
    },
    expect: [1005, []],
  },
];

registerRows("errors over HTTP", http);
registerRows("errors of a WebSocket handshake", upgrades);
