// The platform's own WebSocket: with what it is made, on a stand-in for the constructor.

import { afterEach, expect, test, vi } from "vitest";
import { io } from "../index.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The arguments of every WebSocket that a socket with these options makes. */
async function made(options: object): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  const first = new Promise<void>((resolve) => {
    class Recorded {
      constructor(...args: unknown[]) {
        calls.push(args);
        resolve();
      }
      close(): void {}
    }
    vi.stubGlobal("WebSocket", Recorded);
  });
  const socket = io("https://example.com", {
    forceNew: true,
    transports: ["websocket"],
    ...options,
  });
  await first;
  socket.disconnect();
  return calls;
}

test("React Native is given the headers, which browsers ignore", async () => {
  const [[url, protocols, options] = []] = await made({ extraHeaders: { "x-token": "secret" } });
  expect(new URL(url as string).href).toBe(
    "wss://example.com/socket.io/?EIO=4&transport=websocket",
  );
  expect(protocols).toEqual([]);
  expect(options).toEqual({ headers: { "x-token": "secret" } });
});

test("protocols are handed on", async () => {
  const [[, protocols] = []] = await made({ protocols: ["chat"] });
  expect(protocols).toEqual(["chat"]);
});
