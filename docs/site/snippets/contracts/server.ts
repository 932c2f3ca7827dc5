import { enforceContract, failure, type ServerEmits, type ServerListens } from "@sockeye/contract";
import { Server } from "@sockeye/node";
import { chat } from "./contract.ts";

const io = new Server<ServerListens<typeof chat>, ServerEmits<typeof chat>>(3000);
enforceContract(io, chat, {
  onRefused: ({ error, event }) => console.log(`refused: ${event}: ${error.code}`),
});

let count = 0;
io.on("connection", (socket) => {
  socket.on("say", (text, answer) => {
    if (text === "spam") {
      answer(failure("MUTED", { seconds: 60 }));
      return;
    }
    count += 1;
    io.emit("said", { id: count, text });
    answer({ id: count });
  });
});
