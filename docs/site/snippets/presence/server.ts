import { Server } from "@sockeye/node";
import { type PresentUser, withPresence } from "@sockeye/presence";

interface Status {
  device: string;
  isAway: boolean;
}
interface Online {
  user: string;
  sessions: Status[];
}
interface ServerToClient {
  online: (users: Online[]) => void;
  presence: (change: { joined: Online[]; left: string[]; changed: Online[] }) => void;
}
interface ClientToServer {
  away: (isAway: boolean) => void;
}
interface Data {
  user: string;
  device: string;
  isAway: boolean;
}

const io = withPresence(
  new Server<ClientToServer, ServerToClient, Record<string, never>, Data>(3000),
  {
    user: (socket) => socket.data.user,
    meta: ({ data }): Status => ({ device: data.device, isAway: data.isAway }),
    leaveGrace: 2000,
  },
);

// A real application verifies a token here.
io.use((socket, next) => {
  const { device, user } = socket.handshake.auth;
  socket.data = { user: String(user), device: String(device), isAway: false };
  next();
});

const online = ({ sessions, user }: PresentUser<Status>): Online => ({
  user,
  sessions: sessions.map(({ meta }) => meta),
});

io.on("connection", (socket) => {
  socket.emit("online", io.presence.list().map(online));
  socket.on("away", (isAway) => {
    socket.data.isAway = isAway;
    io.presence.update(socket);
  });
});

// Each server tells its own clients: every server knows of every change.
io.presence.on("diff", ({ changed, joined, left }) => {
  io.local.emit("presence", {
    joined: joined.map(online),
    left: left.map(({ user }) => user),
    changed: changed.map(online),
  });
});
