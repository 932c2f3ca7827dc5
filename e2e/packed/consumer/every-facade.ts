// A consumer's program with Socket.IO's names: the types are those of our packages, not copies.

import type { io as namedIo } from "@sockeye/client";
import { Server as EngineServer } from "@sockeye/engine.io";
import { Socket as EngineSocket } from "@sockeye/engine.io-client";
import { encodePacket } from "@sockeye/engine.io-parser";
import type { Server as NamedServer } from "@sockeye/node";
import { Server, type Socket } from "@sockeye/socket.io";
import { Adapter } from "@sockeye/socket.io-adapter";
import io, { type Socket as ClientSocket, type Manager } from "@sockeye/socket.io-client";
import scriptIo from "@sockeye/socket.io-client/dist/socket.io.js";
import { Decoder, Encoder, PacketType } from "@sockeye/socket.io-parser";

interface Events {
  echo: (text: string, answer: (text: string) => void) => void;
}

export const server: NamedServer<Events> = new Server<Events>({ serveClient: false });
server.on("connection", (socket: Socket<Events>) => {
  socket.on("echo", (text, answer) => answer(text));
});
export const client: ClientSocket<Events> = io("http://127.0.0.1:9", { autoConnect: false });
export const sameIo: typeof namedIo = io;
export const manager: Manager = client.io;
scriptIo("http://127.0.0.1:9", { autoConnect: false });
export const others: readonly unknown[] = [
  EngineServer,
  EngineSocket,
  encodePacket,
  Adapter,
  Decoder,
  Encoder,
];
export const type: number = PacketType.EVENT;
