// Handshakes: the response, the report to the layer above, and the layer's decisions.

import { between, holds, same } from "../claims.ts";
import {
  dial,
  type EngineCase,
  openPolling,
  openWebSocket,
  POLLING,
  pollingPeer,
  WEBSOCKET,
} from "./context.ts";

interface Handshake {
  readonly sid: string;
  readonly upgrades: readonly string[];
}

function handshakeIn(frame: unknown): Handshake {
  return JSON.parse(String(frame).slice(1)) as Handshake;
}

export const handshakeCases: readonly EngineCase[] = [
  {
    id: "EN1",
    title: "a GET opens a session, and is answered with its particulars in a fixed order",
    async run(context) {
      const { status, headers, body } = await context.ask("GET", POLLING).answer;
      same(status, 200, "status");
      same(headers["content-type"], "text/plain; charset=UTF-8", "content type");
      same(headers["cache-control"], "no-store", "cache control");
      const { sid } = handshakeIn(body);
      same(
        body,
        `0{"sid":"${sid}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
        "body",
      );
      same([...context.engine.connections.keys()], [sid], "sessions");
      same(context.recorder.session(sid).connection.transport?.name, "polling", "transport");
    },
  },
  {
    id: "EN1",
    title: "the particulars are those of the options",
    options: { pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 5 },
    async run(context) {
      const { body } = await context.ask("GET", POLLING).answer;
      const { sid, ...rest } = handshakeIn(body);
      const upgrades = ["websocket"];
      same(rest, { upgrades, pingInterval: 300, pingTimeout: 200, maxPayload: 5 });
    },
  },
  {
    id: "EN2",
    title: "a WebSocket opens a session; its first frame has the particulars, and no upgrades",
    async run(context) {
      const peer = await dial(context, WEBSOCKET);
      const frame = await peer.next();
      const { sid } = handshakeIn(frame);
      same(
        frame,
        `0{"sid":"${sid}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
      );
      const { connection } = context.recorder.session(sid);
      same([connection.transport?.name, connection.readyState], ["websocket", "open"]);
    },
  },
  {
    id: "EN3",
    title: "no upgrade is offered when upgrades are off",
    options: { allowUpgrades: false },
    async run(context) {
      const { body } = await context.ask("GET", POLLING).answer;
      same(handshakeIn(body).upgrades, []);
    },
  },
  {
    id: "EN3",
    title: "no upgrade is offered to a transport that is off",
    options: { transports: ["polling"] },
    async run(context) {
      const { body } = await context.ask("GET", POLLING).answer;
      same(handshakeIn(body).upgrades, []);
    },
  },
  {
    id: "EN4",
    title: "ids are 20 characters and differ",
    async run(context) {
      const one = await openPolling(context);
      const other = await openWebSocket(context);
      for (const { sid } of [one, other]) holds(/^[A-Za-z0-9_-]{20}$/.test(sid), sid);
      holds(one.sid !== other.sid, "two sessions have two ids");
    },
  },
  {
    id: "EN4",
    title: "ids come from whoever wants to make them, also as a promise",
    hooks: {
      makeId: ({ url }) => (url.includes("late=") ? Promise.resolve("late") : "own"),
    },
    async run(context) {
      same(handshakeIn(await (await dial(context, WEBSOCKET)).next()).sid, "own");
      const { body } = await context.ask("GET", `${POLLING}&late=1`).answer;
      same(handshakeIn(body).sid, "late");
      same([...context.engine.connections.keys()].sort(), ["late", "own"]);
    },
  },
  {
    id: "EN5",
    title: "the initial packet is in the body of the handshake",
    options: { initialPacket: "welcome" },
    async run(context) {
      const { body } = await context.ask("GET", POLLING).answer;
      const frames = String(body).split("\u001e");
      same([frames.length, frames[1]], [2, "4welcome"]);
    },
  },
  {
    id: "EN5",
    title: "the initial packet follows the handshake over a WebSocket",
    options: { initialPacket: Uint8Array.of(1, 2) },
    async run(context) {
      const { peer } = await openWebSocket(context);
      same(await peer.next(), Uint8Array.of(1, 2));
    },
  },
  {
    id: "EN6",
    title: "of a repeated name the last counts; unknown names are left to others",
    async run(context) {
      const query = `EIO=3&transport=nothing&sid=&t=abc&__proto__=x&constructor=y&${POLLING}`;
      const { sid, session } = await openPolling(context, query);
      holds(session.connection.request.url.endsWith(query), "the request is kept as it came");
      const { status } = await context.ask("POST", `${query}&sid=x&sid=${sid}`).answer;
      same(status, 200);
    },
  },
  {
    id: "EN7",
    title: "handshakes wait for a decision, and for one only",
    hooks: {
      allow(request, decide) {
        void Promise.resolve().then(() => {
          decide({ allowed: !request.url.includes("no=") });
          decide({ allowed: false });
          decide({ allowed: true });
        });
      },
    },
    async run(context) {
      const { session } = await openPolling(context);
      same(session.connection.readyState, "open");
      same((await context.ask("GET", `${POLLING}&no=1`).answer).status, 403);
      await openWebSocket(context);
      same((await context.dial(`${WEBSOCKET}&no=1`)).kind, "refused");
      same([context.engine.connections.size, context.recorder.refused.length], [2, 2]);
    },
  },
  {
    id: "EN7",
    title: "requests and candidates of a session are not asked about again",
    hooks: { allow: (request, decide) => decide({ allowed: !request.url.includes("sid=") }) },
    async run(context) {
      const { post, sid } = await openPolling(context);
      same((await post("4a").answer).status, 200);
      const candidate = await dial(context, `${WEBSOCKET}&sid=${sid}`);
      candidate.transmit("2probe");
      same(await candidate.next(), "3probe");
    },
  },
  {
    id: "EN7",
    title: "nothing is opened for a peer that left before the decision",
    hooks: { allow: "later" },
    async run(context) {
      const asked = context.ask("GET", POLLING);
      const decide = await context.recorder.decisions.next();
      asked.abort();
      await context.settle();
      decide({ allowed: true });
      await context.settle();
      same(context.engine.connections.size, 0, "sessions");
    },
  },
  {
    id: "EN8",
    title: "answers can be given headers; the first of a session is told apart",
    hooks: {
      onHeaders(headers, _request, which) {
        headers["x-which"] = which;
      },
      onSessionHeaders(headers, id) {
        headers["x-session"] = id;
      },
    },
    async run(context) {
      const first = await context.ask("GET", POLLING).answer;
      const { sid } = handshakeIn(first.body);
      same([first.headers["x-which"], first.headers["x-session"]], ["initial", sid]);
      const peer = pollingPeer(context, sid);
      const posted = await peer.post("4a").answer;
      same([posted.headers["x-which"], posted.headers["x-session"]], ["later", undefined]);
      peer.session.connection.send("b");
      const polled = await peer.poll().answer;
      same([polled.headers["x-which"], polled.headers["x-session"]], ["later", undefined]);
    },
  },
  {
    id: "EN9",
    title: "a peer is known by its request: address, headers, URL",
    async run(context) {
      const parts = { headers: { "x-mine": "1", "user-agent": "case" } };
      const { body } = await context.ask("GET", POLLING, parts).answer;
      const { request } = context.recorder.session(handshakeIn(body).sid).connection;
      same([request.method, request.headers["x-mine"], request.secure], ["GET", "1", false]);
      holds(request.remoteAddress.includes("127.0.0.1"), request.remoteAddress);
      between(request.url.indexOf(POLLING), [1, 100], "place of the query");
    },
  },
];
