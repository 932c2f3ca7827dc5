// What the client that has WebSocket only does without, and says so when it is asked for.

import type { Codec } from "@sockeye/protocol";
import { clientTypeError } from "./errors.ts";
import type { SocketOptions } from "./options.ts";
import { Socket } from "./socket.ts";
import type { SocketManager } from "./socket-manager.ts";

/** Options that need what the entry does not have. */
const LACKING = [
  "retries",
  "parser",
  "transports",
  "transportImplementations",
  "forceBase64",
  "outbox",
] as const;

/** The names of those options. */
export type Lacking = (typeof LACKING)[number];

/** @throws TypeError `ERR_LACKING_OPTION`, which names the option */
function refuseLacking(options: object): void {
  for (const name of LACKING) {
    const value = (options as Record<string, unknown>)[name];
    // `transports: ["websocket"]` asks for what there is.
    const isThere = name === "transports" && [value].flat().join() === "websocket";
    if (value && !isThere) {
      throw clientTypeError(
        "ERR_LACKING_OPTION",
        `option ${name}: @sockeye/client has it, this entry has not`,
      );
    }
  }
}

/** The socket of that client. */
export class LeanSocket extends Socket {
  /** @throws TypeError for an option that this client has not */
  constructor(io: SocketManager, nsp: string, options?: SocketOptions) {
    refuseLacking(options ?? {});
    super(io, nsp, options);
  }
}

/** What an entry hands to its platform. @throws TypeError for an option that this client has not */
export function leanParts(codec: Codec): {
  socketClass: typeof Socket;
  codecFor(options: object): Codec;
} {
  return {
    socketClass: LeanSocket,
    codecFor(options) {
      refuseLacking(options);
      return codec;
    },
  };
}
