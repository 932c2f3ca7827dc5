import { io } from "@sockeye/client";

interface ServerToClient {
  said: (text: string) => void;
}
interface ClientToServer {
  say: (text: string) => void;
}

// One connection for the whole page. It is opened by the first component that needs it.
export const socket = io<ServerToClient, ClientToServer>({ autoConnect: false });
