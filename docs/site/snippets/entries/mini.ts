import { connect } from "@sockeye/client/mini";

interface ServerToClient {
  news: (headline: string) => void;
}
interface ClientToServer {
  rename: (name: string, done: (isDone: boolean) => void) => void;
}

const socket = connect<ServerToClient, ClientToServer>("https://example.com/chat", {
  auth: { token: "secret" },
});
socket.on("news", (headline) => {
  document.title = headline;
});
socket.onStatus((status) => {
  document.body.classList.toggle("is-offline", status.state !== "open");
});
export const isRenamed: boolean = await socket.timeout(5000).emitWithAck("rename", "Ada");
