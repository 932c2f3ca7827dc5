// What the peers of a server share, and what they need of namespaces.

import type { Auth } from "../base/handshake.ts";
import type { Services } from "../base/services.ts";
import type { SavedSocket } from "./saved-peer.ts";
import type { SlowClients } from "./slow-clients.ts";

/** A namespace that a peer can join. */
export interface Joinable<Peer> {
  join(peer: Peer, auth: Auth | null): void;
  /** Sets up a socket again, without its listeners. */
  revive(peer: Peer, saved: SavedSocket): { announce(): void };
}

/**
 * The result of a search for a namespace: `undefined` when there is none; `failed` when a pattern of the application
 * threw.
 */
export type Found<Peer> = (
  nsp: Joinable<Peer> | undefined,
  auth: Auth | null,
  failed?: { readonly error: unknown },
) => void;

/** The part of it that is used for sending. */
export interface PeerServices {
  readonly services: Services;
  readonly slow: SlowClients;
}

/** The shared context of a server's peers. */
export interface PeerContext<Peer> extends PeerServices {
  /** Finds the namespace that a client wants to join; `found` is called once, synchronously or later. */
  find(name: string, auth: Auth | null, found: Found<Peer>): void;
  /** The number of the pattern from which a namespace was made, if it was. */
  patternOf(name: string): number | null;
  /** The namespace of a socket that is set up again; `undefined` when there is none of that name any more. */
  again(name: string, pattern: number | null): Joinable<Peer> | undefined;
}
