// Requests from pages of other origins.

import { answerOf, openPacket, pollAnswer, postOk, refusal } from "../answers.ts";
import { type Bench, POLLING, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const HERE = { origin: "http://here.example" };
const opened = openPacket(["websocket"]);

const get =
  (headers: Readonly<Record<string, string>> = HERE, path: string = POLLING) =>
  async (bench: Bench) =>
    answerOf(await bench.fetch({ path, headers }));

const preflight =
  (headers: Readonly<Record<string, string>> = {}) =>
  async (bench: Bench) =>
    answerOf(
      await bench.fetch({
        method: "OPTIONS",
        path: POLLING,
        headers: { ...HERE, "access-control-request-method": "POST", ...headers },
      }),
    );

/** The origin that is allowed, for each of some that ask. */
const allowedFor =
  (...origins: readonly string[]) =>
  async (bench: Bench) => {
    const allowed: unknown[] = [];
    for (const origin of origins) {
      const { headers } = await bench.fetch({ path: POLLING, headers: { origin } });
      allowed.push(headers["access-control-allow-origin"] ?? null);
    }
    return allowed;
  };

const cases: readonly BlackBoxCase[] = [
  {
    id: "off",
    title: "without cors, no such header is sent",
    rules: ["NH33"],
    run: get({ origin: "http://elsewhere.example" }),
    expected: pollAnswer(opened),
  },
  {
    id: "credentials",
    title: "cors: its headers on every answer",
    rules: ["NH33"],
    options: { cors: { origin: "http://here.example", credentials: true } },
    run: get(),
    expected: pollAnswer(opened, {
      "access-control-allow-origin": "http://here.example",
      "access-control-allow-credentials": "true",
      vary: "Origin",
    }),
  },
  {
    id: "post",
    title: "cors: its headers on the answer to a POST",
    rules: ["NH33"],
    options: { cors: { origin: "http://here.example" } },
    async run(bench) {
      const session = await bench.handshake();
      return answerOf(await session.post("40", HERE));
    },
    expected: {
      ...postOk,
      headers: {
        ...postOk.headers,
        "access-control-allow-origin": "http://here.example",
        vary: "Origin",
      },
    },
  },
  {
    id: "refusal",
    title: "cors: its headers on a refusal",
    rules: ["NH33"],
    options: { cors: { origin: "*" } },
    run: get(HERE, `${POLLING}&sid=unknown`),
    expected: {
      ...refusal(1, "Session ID unknown"),
      headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
    },
  },
  {
    id: "any",
    title: "cors: any origin",
    rules: ["NH33"],
    options: { cors: { origin: "*" } },
    run: get(),
    expected: pollAnswer(opened, { "access-control-allow-origin": "*" }),
  },
  {
    id: "reflected",
    title: "cors: the origin that asks, whichever it is",
    rules: ["NH33"],
    options: { cors: { origin: true } },
    run: allowedFor("http://a.example", "https://b.example:8443"),
    expected: ["http://a.example", "https://b.example:8443"],
  },
  {
    id: "refused",
    title: "cors: origin false allows none",
    rules: ["NH33"],
    options: { cors: { origin: false } },
    run: allowedFor("http://a.example"),
    expected: [null],
  },
  {
    id: "list",
    title: "cors: a list of origins, texts and expressions",
    rules: ["NH33"],
    application: "cors",
    parameters: "origin as a list",
    run: allowedFor("http://here.example", "http://localhost:3000", "http://localhost.evil"),
    expected: ["http://here.example", "http://localhost:3000", null],
  },
  {
    id: "expression",
    title: "cors: an expression",
    rules: ["NH33"],
    application: "cors",
    parameters: "origin as an expression",
    run: allowedFor("http://a.example", "http://a.example.evil"),
    expected: ["http://a.example", null],
  },
  {
    id: "origin-function",
    title: "cors: a function of the origin",
    rules: ["NH33"],
    application: "cors",
    parameters: "origin as a function",
    run: allowedFor("http://a.example", "http://a.test"),
    expected: ["http://a.example", null],
  },
  {
    id: "request-function",
    title: "cors: a function of the request",
    rules: ["NH33"],
    application: "cors",
    parameters: "a function of the request",
    run: get({ ...HERE, "x-allow": "http://that.example" }),
    expected: pollAnswer(opened, {
      "access-control-allow-origin": "http://that.example",
      vary: "Origin",
    }),
  },
  {
    id: "exposed",
    title: "cors: exposed headers",
    rules: ["NH33"],
    options: { cors: { origin: "*", exposedHeaders: ["x-one", "x-two"] } },
    run: get(),
    expected: pollAnswer(opened, {
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-one,x-two",
    }),
  },
  {
    id: "preflight",
    title: "cors: the preflight is answered",
    rules: ["NH33"],
    options: {
      cors: { origin: "http://here.example", methods: ["GET", "POST"], allowedHeaders: ["x-mine"] },
    },
    run: preflight(),
    expected: {
      status: 204,
      headers: {
        "access-control-allow-origin": "http://here.example",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "x-mine",
        vary: "Origin",
      },
      body: "",
    },
  },
  {
    id: "preflight-defaults",
    title: "cors: a preflight with the defaults repeats the headers that are asked for",
    rules: ["NH33"],
    options: { cors: { origin: "*", maxAge: 600 } },
    run: preflight({ "access-control-request-headers": "x-wanted" }),
    expected: {
      status: 204,
      headers: {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
        "access-control-allow-headers": "x-wanted",
        "access-control-max-age": "600",
        vary: "Access-Control-Request-Headers",
      },
      body: "",
    },
  },
  {
    id: "preflight-off",
    title: "without cors a preflight is a handshake by a wrong method",
    rules: ["EN32", "NH33"],
    run: preflight(),
    expected: refusal(2, "Bad handshake method"),
  },
  {
    id: "websocket",
    title: "cors: WebSockets of any origin are accepted",
    rules: ["NH33"],
    options: { cors: { origin: "http://here.example" } },
    run: async (bench) =>
      (await bench.websocket(WEBSOCKET, { origin: "http://elsewhere.example" }).text())[0],
    expected: "0",
  },
];

export const cors: Chapter = { feature: "CORS", cases };
