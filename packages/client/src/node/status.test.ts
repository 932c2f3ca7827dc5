// The status of a socket as each entry and each build notifies of it.

import { expect, test } from "vitest";
import { next, startServer } from "../../testing/socket-io-server.ts";
import { io } from "./index.ts";

test("CL39 onStatus notifies of each status until it is ended, and is no event", async () => {
  await using server = await startServer();
  const socket = io(server.url, { forceNew: true, autoConnect: false, transports: ["websocket"] });
  const states: string[] = [];
  const stop = socket.onStatus(({ state }) => states.push(state));
  socket.off();
  socket.connect();
  await next(socket, "connect");
  await Promise.resolve();
  expect(states).toEqual(["connecting", "open"]);
  stop();
  socket.disconnect();
  expect([states.length, socket.status.state]).toEqual([2, "closed"]);
});
