// Packets whose attachments are many, large, slow, or never come.

import { describe, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "../api/socket.ts";

const HEARTBEAT = { pingInterval: 1e9, pingTimeout: 1e9 };

/** A server, a client of it, what its listener was given, and the reason for which it left. */
async function connected(options: object = {}) {
  const server = new MemoryServer(options, HEARTBEAT);
  const heard: number[] = [];
  const left: [string, string | undefined][] = [];
  const limits: [string, number][] = [];
  server.diagnostics.core.limitReached.subscribe(
    ({ limit, value }) => void limits.push([limit, value]),
  );
  server.on("connection", (socket: Socket) => {
    socket.on("x", (...parts: unknown[]) => heard.push(parts.length));
    socket.on("disconnect", (reason: string, details?: Error) =>
      left.push([reason, details?.message]),
    );
  });
  const raw = await server.join();
  const announce = (count: number): void => {
    const parts = Array.from({ length: count }, (_, num) => ({ _placeholder: true, num }));
    raw.transmit(`45${count}-${JSON.stringify(["x", ...parts])}`);
  };
  const attach = (bytes: number, count = 1): void => {
    for (let each = 0; each < count; each++) raw.transmit(new Uint8Array(bytes));
  };
  return { server, raw, heard, left, limits, announce, attach };
}

describe("PR34 on a server the number, the bytes and the time of attachments are options", () => {
  test("as many as ten thousand are taken, and no more", async () => {
    const { announce, attach, heard, left } = await connected();
    announce(10_000);
    attach(1, 10_000);
    expect(heard).toEqual([10_000]);
    announce(10_001);
    expect(left).toHaveLength(1);
  });

  test("maxAttachments", async () => {
    const { announce, attach, heard, left } = await connected({ maxAttachments: 2 });
    announce(2);
    attach(1, 2);
    announce(3);
    expect([heard, left.length]).toEqual([[2], 1]);
  });

  test("maxAttachmentBytes: of one packet, whatever came before", async () => {
    const { announce, attach, heard, left } = await connected({ maxAttachmentBytes: 1000 });
    for (let each = 0; each < 3; each++) {
      announce(2);
      attach(500, 2);
    }
    expect([heard, left]).toEqual([[2, 2, 2], []]);
    announce(3);
    attach(500, 2);
    expect(left).toEqual([]);
    attach(1);
    expect(left).toHaveLength(1);
  });

  test("attachmentTimeout: from the packet's text on, and the limit is published", async () => {
    const { announce, attach, left, limits, server } = await connected();
    announce(3);
    server.clock.advance(59_000);
    attach(1);
    server.clock.advance(999);
    expect(left).toEqual([]);
    server.clock.advance(1);
    expect(left).toHaveLength(1);
    expect(limits).toEqual([["attachmentTimeout", 60_000]]);
  });

  test("a packet that is complete ends its time, and the next one has its own", async () => {
    const { announce, attach, heard, left, server } = await connected({ attachmentTimeout: 1000 });
    for (let each = 0; each < 3; each++) {
      announce(2);
      server.clock.advance(900);
      attach(1, 2);
    }
    server.clock.advance(10_000);
    expect([heard, left]).toEqual([[2, 2, 2], []]);
  });

  test("a client that has left waits for nothing", async () => {
    const { announce, left, limits, raw, server } = await connected({ attachmentTimeout: 1000 });
    announce(2);
    raw.leave();
    server.clock.advance(10_000);
    expect([left.length, limits]).toEqual([1, []]);
  });

  test("of an event that is relayed without being decoded as well", async () => {
    const { announce, left, limits, server } = await connected({ attachmentTimeout: 1000 });
    for (const socket of server.sockets.sockets.values()) socket.removeAllListeners("x").relay("x");
    announce(2);
    server.clock.advance(1000);
    expect(left).toHaveLength(1);
    expect(limits).toEqual([["attachmentTimeout", 1000]]);
  });
});
