// Sticky sessions by the address of the client: behind Caddy clients that poll stay with the server of their session.

import { io } from "@sockeye/client";
import { expect, test } from "vitest";
import { within } from "../kit/deadline.ts";
import { Balanced } from "./balanced.ts";

test("ST7 behind Caddy, sticky by address, every client connects over every transport and stays with its server", async () => {
  await using balanced = await Balanced.start("caddy", {});
  const modes = [["polling"], ["polling", "websocket"], ["websocket"]];
  const sockets = Array.from({ length: 12 }, (_, at) =>
    io(balanced.url, {
      transports: modes[at % 3] as string[],
      forceNew: true,
      reconnection: false,
    }),
  );
  try {
    const asked = sockets.map(async (socket) => {
      const by = new Set<string>();
      for (let number = 0; number < 5; number++) {
        const answer = (await socket.timeout(20_000).emitWithAck("number", number)) as {
          by: string;
          number: number;
        };
        expect(answer.number).toBe(number);
        by.add(answer.by);
      }
      return by.size;
    });
    expect(await within(Promise.all(asked), "all answers", 40_000)).toEqual(sockets.map(() => 1));
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
}, 60_000);
