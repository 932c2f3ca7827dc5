// The servers the suites can be run against, by name. Both are held through Socket.IO's own type:
// that ours can be is the claim under test. Each is loaded only when a test asks for it.
import type { Server as NodeHttpServer } from "node:http";
import { createRequire } from "node:module";
import type { Server, ServerOptions } from "socket.io";

/** The servers under test; `"socket.io"` is the control. */
export type ServerName = "sockeye" | "socket.io";

/** What can be started: ours also with `ws` as its `wsEngine`, where WebSockets themselves are tested. */
export type StartedServerName = ServerName | "sockeye on ws";

/** One implementation of the server. */
export interface ServerKind {
  /** What a child process imports to get the same server. */
  readonly module: string;
  create(http: NodeHttpServer, options: Partial<ServerOptions>): Promise<Server>;
}

/** Every server under test. */
export const serverKinds: Readonly<Record<StartedServerName, ServerKind>> = {
  sockeye: {
    module: "@sockeye/node",
    async create(http, options) {
      const sockeye = await import("@sockeye/node");
      const { Server: Sockeye } = sockeye as unknown as typeof import("socket.io");
      return new Sockeye(http, options);
    },
  },
  "sockeye on ws": {
    module: "./sockeye-on-ws.mjs",
    async create(http, options) {
      // The version that @sockeye/node depends on.
      const { WebSocketServer } = createRequire(import.meta.resolve("@sockeye/node"))("ws");
      return await serverKinds.sockeye.create(http, { ...options, wsEngine: WebSocketServer });
    },
  },
  "socket.io": {
    module: "socket.io",
    async create(http, options) {
      const { Server: SocketIo } = await import("socket.io");
      return new SocketIo(http, options);
    },
  },
};
