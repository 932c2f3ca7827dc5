// What an entry point supplies: what differs between a page and Node, how packets travel, and the parts that a smaller
// client does without. The rest of the client imports none of these.

import type { Codec } from "@sockeye/protocol";
import type { Cancel } from "./clock.ts";
import type { ClientDiagnostics } from "./diagnostics.ts";
import type { Session } from "./engine/session.ts";
import type { EngineOptions, ManagerOptions } from "./options.ts";
import type { PageEvent } from "./page-event.ts";
import type { Socket } from "./socket.ts";
import type { WithQueues } from "./socket-manager.ts";
import type { PageLocation, ServerAddress } from "./url.ts";

/** Listens to what may end a connection, or wake a client: the network, the page, the machine under it. */
export type Listen = (listener: (event: PageEvent) => void) => Cancel;

/** The platform, as an entry point puts it together. */
export interface Platform {
  /** The page, if there is one; only programs that have a `process` ask. */
  readonly pageLocation?: PageLocation | undefined;
  /** Reads the address of a server, completed by the options and the page. @throws TypeError when it is none */
  addressOf(uri: string | undefined, options: EngineOptions): ServerAddress;
  readonly listen: Listen;
  /** The diagnostics points, in builds that have them. */
  readonly diagnostics?: ClientDiagnostics | undefined;
  /** The class of sockets. */
  readonly socketClass: typeof Socket;
  /** Where the queues of sockets with `retries` or an outbox come from. */
  readonly withQueues?: WithQueues | undefined;
  /** Makes a session with a server; it is not begun. @throws Error when the options contradict each other */
  createSession(options: EngineOptions): Session;
  /** Returns the options of a manager or a socket. @throws TypeError for those that cannot be right */
  checked<Options extends object>(options: Options): Options;
  /** The wire form that the options ask for. */
  codecFor(options: ManagerOptions): Codec;
}
