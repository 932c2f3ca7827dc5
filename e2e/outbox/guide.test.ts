// The server's part in docs/outbox.md, run as it stands there: with Socket.IO's server and with ours, for events that are
// repeated because their acknowledgement was lost, and for clients without an outbox.
import { io } from "@sockeye/client";
import { memoryStore, storedOutbox } from "@sockeye/client/outbox";
import type { Server, Socket } from "socket.io";
import { describe, expect, onTestFinished, test } from "vitest";
import { shownOf } from "../guides/blocks.mjs";
import { startServer } from "../kit/running-server.ts";

type Install = (io: Server) => void;

/** What the page shows for the server: the function, and its use. */
function guide(): Install {
  const code = shownOf("outbox", "each-once.mjs") + shownOf("outbox", "answers.mjs");
  return new Function("io", code.replace(/^export /gm, "")) as Install;
}

describe.each(["socket.io", "sockeye"] as const)("the guide's server, %s", (name) => {
  test("an event whose acknowledgement was lost is handled once, and answered", async () => {
    await using server = await startServer(name);
    const taken: unknown[] = [];
    let connections = 0;
    // Before the guide's code, so that it sees what arrives.
    server.io.on("connection", (socket: Socket) => {
      connections++;
      // The first connection is lost before it can answer.
      if (connections === 1) socket.use(() => void socket.conn.close());
    });
    guide()(server.io);
    server.io.on("connection", (socket: Socket) => {
      socket.prependListener("order", (...args: unknown[]) => taken.push(args.length, args[0]));
    });
    const outbox = storedOutbox("guide", memoryStore);
    const socket = io(server.url, { outbox, reconnectionDelay: 10 });
    onTestFinished(() => void socket.disconnect());
    expect(await socket.emitWithAck("order", "tea")).toBe("tea taken");
    expect(connections).toBe(2);
    expect(taken).toEqual([2, "tea"]);
  });

  test("an event that was handled, but not answered in time, is answered when it comes again", async () => {
    await using server = await startServer(name);
    const ids: unknown[] = [];
    server.io.on("connection", (socket: Socket) => {
      socket.use((packet, next) => {
        ids.push(packet.at(-2)?.outboxId);
        // The answer to the first try goes astray.
        if (ids.length === 1) packet.splice(-1, 1, () => {});
        next();
      });
    });
    guide()(server.io);
    let count = 0;
    server.io.on("connection", (socket: Socket) => void socket.on("order", () => count++));
    const outbox = storedOutbox("guide", memoryStore, { ackTimeout: 500 });
    const socket = io(server.url, { outbox });
    onTestFinished(() => void socket.disconnect());
    expect(await socket.emitWithAck("order", "tea")).toBe("tea taken");
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(count).toBe(1);
  });

  test("a client without an outbox is served as before", async () => {
    await using server = await startServer(name);
    guide()(server.io);
    const socket = io(server.url);
    onTestFinished(() => void socket.disconnect());
    expect(await socket.emitWithAck("order", "tea")).toBe("tea taken");
  });
});
