// What servers tell each other.

import { Server } from "socket.io";
import { type Equal, is } from "./equal.js";

interface Nothing {
  x: () => void;
}
interface BetweenServers {
  ping: (from: number) => void;
  load: (unit: string, answer: (value: number) => void) => void;
}
const io = new Server<Nothing, Nothing, BetweenServers>();

const isSent: boolean = io.serverSideEmit("ping", 1);
io.of("/").serverSideEmit("ping", 1);
io.on("ping", (from) => is<Equal<typeof from, number>>());
io.of("/").on("ping", (from) => is<Equal<typeof from, number>>());
io.serverSideEmit("load", "%", (error, values) => {
  is<Equal<typeof error, Error>>();
  is<Equal<typeof values, number[]>>();
});
const values: Promise<number[]> = io.serverSideEmitWithAck("load", "%");
void [isSent, values];

// @ts-expect-error an argument is missing
io.serverSideEmit("ping");
// @ts-expect-error there is no such event
io.serverSideEmit("random");
// @ts-expect-error it has no answer
void io.serverSideEmitWithAck("ping", 1);
