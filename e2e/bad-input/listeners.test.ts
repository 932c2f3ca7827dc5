// Users' own functions that throw, in a process that survives uncaught exceptions: nobody's connection is
// torn down for it, not even the one whose event was being handled.
import { describe, expect, test } from "vitest";
import { within } from "../kit/deadline.ts";
import { type RecordedClient, startClient } from "../kit/recorded-client.ts";
import { type TransportMode, transportModes } from "../kit/transport-modes.ts";
import { Arena, attackedServers } from "./arena.ts";

/** What a client does to make a listener on the server throw, and the message of that error. */
interface Fault {
  readonly title: string;
  readonly provoke: (client: RecordedClient) => void;
  readonly message: string;
}

const faults: readonly Fault[] = [
  {
    title: "a listener",
    provoke: ({ socket }) => socket.emit("throw"),
    message: "thrown by a listener",
  },
  {
    title: "an async listener",
    provoke: ({ socket }) => socket.emit("throw later"),
    message: "thrown by an async listener",
  },
  {
    title: "a listener of every event",
    provoke: ({ socket }) => socket.emit("throw any"),
    message: "thrown by a catch-all listener",
  },
  {
    title: "a listener that was to acknowledge",
    provoke: ({ socket }) => socket.emit("throw", () => undefined),
    message: "thrown by a listener",
  },
  {
    title: "the callback of an acknowledgement",
    provoke: ({ socket }) => socket.emit("ask me"),
    message: "thrown by an acknowledgement",
  },
];

async function connect(arena: Arena, mode: TransportMode): Promise<RecordedClient> {
  const prepare = (socket: RecordedClient["socket"]): void => {
    socket.on("question", (reply: (word: string) => void) => reply("answer"));
  };
  const client = await startClient(arena.server.url, { client: "socket.io-client", mode, prepare });
  await client.ready(mode);
  return client;
}

for (const name of attackedServers) {
  if (name === "sockeye on ws") continue;
  describe(`listeners that throw, ${name}`, () => {
    for (const mode of transportModes) {
      test(`${mode}: every connection goes on`, async () => {
        await using arena = await Arena.open(name, { survives: true });
        using client = await connect(arena, mode);
        const { id } = client.socket;
        for (const fault of faults) {
          fault.provoke(client);
          expect(await arena.server.program.inbox.take("uncaught"), fault.title).toEqual([
            fault.message,
          ]);
          expect(
            await within(client.socket.emitWithAck("ask", fault.title), "an echo after the error"),
          ).toBe(fault.title);
          await arena.expectUnharmed();
        }
        expect(client.socket.id).toBe(id);
        expect(client.inbox.kept("disconnect")).toEqual([]);
      });

      test(`${mode}: a listener of "connection" and one of "disconnect"`, async () => {
        await using arena = await Arena.open(name, { survives: true });
        using client = await connect(arena, mode);
        const faulty = client.socket.io.socket("/faulty").connect();
        expect(await arena.server.program.inbox.take("uncaught")).toEqual(["thrown on connection"]);
        expect(await within(client.socket.emitWithAck("ask", 1), "an echo after the error")).toBe(
          1,
        );
        faulty.disconnect();
        expect(await arena.server.program.inbox.take("uncaught")).toEqual(["thrown on disconnect"]);
        expect(await within(client.socket.emitWithAck("ask", 2), "an echo after the error")).toBe(
          2,
        );
        await arena.expectUnharmed();
      });

      test(`${mode}: several events in one go, one of them faulty`, async () => {
        await using arena = await Arena.open(name, { survives: true });
        using client = await connect(arena, mode);
        client.socket.emit("note", 1);
        client.socket.emit("throw");
        client.socket.emit("note", 2);
        await arena.server.program.inbox.take("uncaught");
        expect(await arena.server.program.inbox.takeMany("note", 2)).toEqual([[1], [2]]);
        await arena.expectUnharmed();
      });
    }
  });
}
