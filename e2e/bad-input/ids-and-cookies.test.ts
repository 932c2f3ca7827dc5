// What a stranger must not be able to guess or to slip in: session ids, and the parts of the cookie.
import { describe, expect, test } from "vitest";
import { fetchRaw } from "../kit/raw-http.ts";
import { startServer } from "../kit/running-server.ts";
import { BASE } from "./arena.ts";

const RANDOM_PART = 16;

describe.each(["sockeye", "socket.io"] as const)("session ids, %s", (name) => {
  test("at least 96 bits of each are random: no two begin alike, no character stands still", async () => {
    await using server = await startServer(name);
    const starts: string[] = [];
    while (starts.length < 64) {
      const { text } = await fetchRaw(server.port, { path: `${BASE}&transport=polling` });
      const { sid } = JSON.parse(text.slice(1)) as { sid: string };
      expect(sid).toMatch(/^[\w-]{20}$/);
      starts.push(sid.slice(0, RANDOM_PART));
    }
    expect(new Set(starts).size).toBe(starts.length);
    for (let at = 0; at < RANDOM_PART; at++) {
      expect(new Set(starts.map((start) => start[at])).size).toBeGreaterThan(16);
    }
  });
});

describe("the cookie option, sockeye", () => {
  // Socket.IO's server takes these, and throws at the first handshake.
  test.each([
    { name: "a=b; Path=/evil" },
    { name: "x\r\nSet-Cookie: y" },
    { path: "/; Domain=evil.example" },
    { domain: "a.example; HttpOnly" },
  ])("%o is refused at construction", async (cookie) => {
    await expect(startServer("sockeye", { cookie: cookie as { name: string } })).rejects.toThrow(
      /cookie/,
    );
  });
});
