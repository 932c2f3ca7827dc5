// The clients the suites can be run with, by name. Both are held through Socket.IO's own type:
// that ours can be is the claim under test. Each is loaded only when a test asks for it.
import type { ManagerOptions, Socket, SocketOptions } from "socket.io-client";

/** The clients under test; `"socket.io-client"` is the control. */
export type ClientName = "sockeye" | "socket.io-client";

/** What may be given to `io()`. */
export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

/** One implementation of the client. */
export interface ClientKind {
  /** What a child process imports to get the same client. */
  readonly module: string;
  connect(url: string, options: ClientOptions): Promise<Socket>;
}

/** Every client under test. */
export const clientKinds: Readonly<Record<ClientName, ClientKind>> = {
  sockeye: {
    module: "@sockeye/client",
    async connect(url, options) {
      const sockeye = await import("@sockeye/client");
      const { io } = sockeye as unknown as typeof import("socket.io-client");
      return io(url, options);
    },
  },
  "socket.io-client": {
    module: "socket.io-client",
    async connect(url, options) {
      const { io } = await import("socket.io-client");
      return io(url, options);
    },
  },
};
