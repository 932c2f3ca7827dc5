// `send` and `write` need the event `message`, with its arguments.

import { Server } from "socket.io";

interface Nothing {
  x: () => void;
}
interface Messages {
  message: (text: string, at: number) => void;
}

const io = new Server<Nothing, Messages>();
io.send("text", 1);
io.write("text", 1);
io.of("/").send("text", 1);
io.on("connection", (socket) => {
  socket.send("text", 1);
  socket.write("text", 1);
  // @ts-expect-error an argument is missing
  socket.send("text");
});

// @ts-expect-error an argument is missing
io.send("text");
// @ts-expect-error the argument is a text
io.of("/").send(1, 1);
