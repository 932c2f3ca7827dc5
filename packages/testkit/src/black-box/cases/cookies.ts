// The cookie with the session id.

import { answerOf, openPacket, pollAnswer } from "../answers.ts";
import { type Bench, POLLING } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

/** The cookie of a handshake over polling; `SID` stands for its id. */
async function cookieOf(bench: Bench): Promise<unknown> {
  const { headers, text } = await bench.fetch({ path: POLLING });
  const sid = /"sid":"([^"]+)"/.exec(text)?.[1] ?? "";
  const cookies = headers["set-cookie"] ?? [];
  return [cookies].flat().map((cookie) => cookie.replace(sid, "SID"));
}

const cases: readonly BlackBoxCase[] = [
  {
    id: "none",
    title: "no cookie by default",
    rules: ["NH29"],
    run: cookieOf,
    expected: [],
  },
  {
    id: "default",
    title: "cookie: true sets one at the first answer",
    rules: ["EG16", "NH29"],
    options: { cookie: true },
    run: cookieOf,
    expected: ["io=SID; Path=/; HttpOnly; SameSite=Lax"],
  },
  {
    id: "flags",
    title: "cookie: an object overrides the defaults",
    rules: ["NH29"],
    options: { cookie: { name: "session", httpOnly: false, sameSite: "strict", maxAge: 60 } },
    run: cookieOf,
    expected: ["session=SID; Max-Age=60; Path=/; SameSite=Strict"],
  },
  {
    id: "more-flags",
    title: "cookie: domain, path, secure and sameSite none",
    rules: ["NH29"],
    options: {
      cookie: { name: "io", path: "/app", domain: "a.example", secure: true, sameSite: "none" },
    },
    run: cookieOf,
    expected: ["io=SID; Domain=a.example; Path=/app; HttpOnly; Secure; SameSite=None"],
  },
  {
    id: "once",
    title: "a cookie is set neither later nor by WebSocket",
    rules: ["NH29"],
    options: { cookie: true },
    async run(bench) {
      const session = await bench.handshake();
      await session.post("40");
      const poll = await session.poll();
      const opened = await bench.websocket().opened();
      return [poll.headers["set-cookie"] ?? null, opened["set-cookie"] ?? null];
    },
    expected: [null, null],
  },
  {
    id: "cookie-of-others",
    title: "cookies of the request change nothing",
    rules: ["NH29"],
    run: async (bench) =>
      answerOf(await bench.fetch({ path: POLLING, headers: { cookie: "io=evil; __proto__=x" } })),
    expected: pollAnswer(openPacket(["websocket"])),
  },
];

export const cookies: Chapter = { feature: "cookies", cases };
