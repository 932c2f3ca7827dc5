import { type AuthData, authenticate, jwt } from "@sockeye/auth";
import { type DefaultEventsMap, Server } from "@sockeye/node";

interface User {
  readonly id: string;
}

const io = new Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, AuthData<User>>(3000);
authenticate(
  io,
  jwt({
    secret: process.env.JWT_SECRET ?? "a secret of the example, 32 bytes or more",
    algorithms: ["HS256"],
    issuer: "https://app.example",
    user: ({ sub }): User => ({ id: String(sub) }),
  }),
  {
    warnBefore: 2000,
    onRefused: ({ reason, error }) => console.log(`refused: ${reason}: ${error.code}`),
  },
);

io.on("connection", (socket) => {
  socket.on("whoami", (answer) => answer(socket.data.user.id));
});
