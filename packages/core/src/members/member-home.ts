// What a member needs of its namespace, and where it comes from.

import type { AdapterContract, Session } from "@sockeye/adapter";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { Auth } from "../base/handshake.ts";
import type { OutputHome } from "./member-output.ts";
import type { SavedSocket } from "./saved-peer.ts";

/** The part of a namespace that its members use. */
export interface MemberHome<Member> extends OutputHome {
  /** Calls the adapter; an error is reported and not rethrown. */
  guard(method: string, call: (adapter: AdapterContract) => unknown, socket?: object | null): void;
  encode(packet: Packet): Encoded;
  /** Reports the failure of an adapter; returns whether the application's error handler was called. */
  reportAdapterFailure(method: string, error: unknown, socket: object | null): boolean;
  /** Removes a member that has left. */
  forget(member: Member): void;
  /** Raises `connection` for a member that was set up again. */
  announce(member: Member): void;
  /** Whether a member was set up again. */
  isAdopted(member: Member): boolean;
  /** The connection of a member has closed before its admission. */
  abandon(member: Member): void;
}

/** The origin of a member: the client's `auth`, and the session to restore, or the data to set it up again from. */
export type MemberOrigin = {
  readonly auth: Auth | null;
  readonly session?: Session;
  /** The private id of the session that the application has named, for a client that cannot recover. */
  readonly key?: string;
  readonly saved?: SavedSocket;
};
