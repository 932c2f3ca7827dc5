// What a server has emitted in the turn in which its process exits: fatal-error handlers say goodbye that way.
import { io } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { startChildServer } from "../kit/child-server.ts";
import { within } from "../kit/deadline.ts";

const TEXT = "€".repeat(100);
const TRANSPORTS = ["websocket", "polling"] as const;

describe.each(["sockeye", "sockeye on ws", "socket.io"] as const)("%s", (name) => {
  // Socket.IO sends what follows a packet once that has left: bytes would be lost there.
  const words = name === "socket.io" ? [TEXT] : [TEXT, Buffer.from([1, 2])];
  test.each(TRANSPORTS)(
    "NH71 what was emitted before process.exit() is heard: %s",
    async (transport) => {
      await using server = await startChildServer(name);
      const client = io(server.url, { transports: [transport], reconnection: false });
      const heard: unknown[] = [];
      client.on("bye", (...args: unknown[]) => heard.push(args));
      const gone = new Promise((resolve) => client.on("disconnect", resolve));
      // Once more: the poll that brought the first answer has been followed by one that waits.
      const asked = async (word: string) => await client.timeout(5000).emitWithAck("ask", word);
      expect([await asked("a"), await asked("b")]).toEqual(["a", "b"]);
      client.emit("exit", ...words);
      await within(gone, "the end of the connection");
      expect(heard).toEqual([words]);
      client.disconnect();
    },
  );
});
