import { io, type Socket } from "@sockeye/client";
import { type ClientEmits, type ClientListens, isError } from "@sockeye/contract";
import type { chat } from "./contract.ts";

const socket: Socket<ClientListens<typeof chat>, ClientEmits<typeof chat>> = io(
  "ws://localhost:3000",
);

const answer = await socket.emitWithAck("say", "  hello  ");
if (!isError(answer)) console.log(`message ${answer.id}`);

const muted = await socket.emitWithAck("say", "spam");
if (isError(muted) && muted.error.code === "MUTED")
  console.log(`muted for ${muted.error.details.seconds} s`);

const refused = await socket.emitWithAck("say", "");
if (isError(refused)) console.log(refused.error.code);
socket.disconnect();
