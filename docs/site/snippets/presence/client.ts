import { io, type Socket } from "@sockeye/client";

interface Online {
  user: string;
  sessions: { device: string; isAway: boolean }[];
}
interface ServerToClient {
  online: (users: Online[]) => void;
  presence: (change: { joined: Online[]; left: string[]; changed: Online[] }) => void;
}

const [, , user, device] = process.argv;
const socket: Socket<ServerToClient, { away: (isAway: boolean) => void }> = io(
  "http://localhost:3000",
  { auth: { user, device } },
);

const users = new Map<string, Online>();
const show = (): void => {
  const shown = [...users.values()].map(({ sessions, user }) => {
    const devices = sessions.map(({ device, isAway }) => (isAway ? `${device}, away` : device));
    return `${user} (${devices.join("; ")})`;
  });
  console.log(shown.sort().join(" "));
};

// Sent at each connection, so that a reconnection begins anew.
socket.on("online", (all) => {
  users.clear();
  for (const one of all) users.set(one.user, one);
  show();
});
socket.on("presence", ({ changed, joined, left }) => {
  for (const one of [...joined, ...changed]) users.set(one.user, one);
  for (const name of left) users.delete(name);
  show();
});
process.on("SIGUSR2", () => socket.emit("away", true));
