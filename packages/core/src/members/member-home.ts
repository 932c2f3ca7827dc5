// What a member needs of its namespace, and where it comes from.

import type { AdapterContract, BroadcastOptions, Session } from "@sockeye/adapter";
import type { Encoded, Packet } from "@sockeye/protocol";
import type { Auth } from "../base/handshake.ts";
import type { Services } from "../base/services.ts";

/** The part of a namespace that its members use. */
export interface MemberHome<Member> {
  readonly name: string;
  readonly services: Services;
  readonly adapter: AdapterContract;
  nextAckId(): number;
  /** Calls the adapter; an error is reported and not rethrown. */
  guard(method: string, call: (adapter: AdapterContract) => unknown, socket?: object | null): void;
  /** Passes a packet to the adapter. @throws TypeError when its data cannot be serialised */
  broadcast(packet: Packet, options: BroadcastOptions): void;
  encode(packet: Packet): Encoded;
  /** Reports the failure of an adapter; returns whether the application's error handler was called. */
  reportAdapterFailure(method: string, error: unknown, socket: object | null): boolean;
  /** Removes a member that has left. */
  forget(member: Member): void;
  /** The connection of a member has closed before its admission. */
  abandon(member: Member): void;
}

/** The origin of a member: the client's `auth`, and the session to restore. */
export type MemberOrigin = { readonly auth: Auth | null; readonly session?: Session };
