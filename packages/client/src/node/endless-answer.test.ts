// A server that answers a poll without end: the client stops reading, and tells why.

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { next } from "../../testing/socket-io-server.ts";
import { Manager } from "./index.ts";
import { bodyLimit } from "./node-options.ts";

const MIB = 1024 * 1024;

/** Opens a session and answers its first poll with `answer`. */
async function openAgainst(answer: (response: ServerResponse) => void): Promise<{
  readonly manager: Manager;
  readonly stop: () => void;
}> {
  const http = createServer((request, response) => {
    if (request.method === "POST") response.end("ok");
    else if (request.url?.includes("sid=")) answer(response);
    else {
      const heartbeat = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 };
      response.end(`0${JSON.stringify({ sid: "x", upgrades: [], ...heartbeat })}`);
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const manager = new Manager(`http://127.0.0.1:${port}`, {
    transports: ["polling"],
    reconnection: false,
  });
  return {
    manager,
    stop() {
      http.close();
      http.closeAllConnections();
    },
  };
}

test("CL64 an answer without end is cut at 100 MiB, with an error", async () => {
  let sent = 0;
  const { manager, stop } = await openAgainst((response) => {
    const chunk = Buffer.alloc(MIB, "x");
    const pump = (): void => {
      while (!response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) return;
      }
    };
    response.on("drain", pump);
    response.on("error", () => {});
    pump();
  });
  const [reason, details] = await next(manager, "close");
  expect(reason).toBe("transport error");
  expect(details).toMatchObject({
    message: "xhr poll error",
    context: {
      code: "ERR_ANSWER_LENGTH",
      message: `the answer is longer than ${100 * MIB} bytes`,
    },
  });
  // What is under way in the buffers of two sockets comes on top.
  expect(sent).toBeLessThan(120 * MIB);
  stop();
});

test("an answer in chunks of a byte is not kept chunk by chunk", async () => {
  const size = 20_000;
  const concat = vi.spyOn(Buffer, "concat");
  const { manager, stop } = await openAgainst((response) => {
    response.socket?.setNoDelay(true);
    for (let at = 0; at < size; at++) response.write(at === 0 ? "4" : at === 1 ? "2" : "x");
    response.end();
  });
  const [data] = await next(manager.engine, "data");
  expect(data === `2${"x".repeat(size - 2)}`).toBe(true);
  const most = Math.max(0, ...concat.mock.calls.map(([list]) => list.length));
  vi.restoreAllMocks();
  expect(most).toBeLessThan(100);
  manager.engine.close();
  stop();
});

test.each([
  [undefined, 100 * MIB],
  [1000, 100 * MIB],
  [200 * MIB, 200 * MIB],
  [0, Number.POSITIVE_INFINITY],
])("CL64 with maxPayload %s an answer may have %d bytes", (maxPayload, limit) => {
  expect(bodyLimit({ maxPayload } as object as Parameters<typeof bodyLimit>[0])).toBe(limit);
});
