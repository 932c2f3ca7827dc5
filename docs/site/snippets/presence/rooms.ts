import { Server } from "@sockeye/node";
import { withPresence } from "@sockeye/presence";

// #region shown
const io = withPresence(new Server(3000), {
  user: ({ data }) => data.user,
  rooms: (room) => room.startsWith("doc:"),
});
io.presence.in("doc:1").on("join", ({ user }) => console.log(`${user} reads doc 1`));
// #endregion shown
