import { authenticate, guard, hasClaim, hasRole, jwt, refusalOf } from "@sockeye/auth";
import { Server } from "@sockeye/node";

interface User {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

const io = new Server(3000);
const secret = "a secret of the example, 32 bytes or more";
authenticate(io, jwt({ secret, algorithms: ["HS256"] }));
guard<User, typeof io>(io, {
  // A claim of the token.
  namespace: hasClaim("email_verified", true),
  rooms: {
    // A role.
    staff: hasRole("staff", "admin"),
    // An attribute of the user, and the room's name.
    "team:*": (user, { name }) => user.teams.includes(name.slice("team:".length)),
  },
  events: {
    "admin:*": hasRole("admin"),
    // The arguments too; they are what the client sent.
    rename: (user, { args: [id] }) => id === user.sub,
  },
  onRefused: ({ level, name, error }) => console.log(`refused: ${level} ${name}: ${error.code}`),
});

io.on("connection", (socket) => {
  socket.on("rename", (_id, name, answer) => answer({ name }));
  socket.on("open", async (room, answer) => {
    try {
      await socket.join(room);
      answer({ ok: true });
    } catch (error) {
      answer(refusalOf(error, "open"));
    }
  });
});
