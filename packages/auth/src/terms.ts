// What authentication of a namespace and of each of its sockets have in common.

import type { Clock } from "@sockeye/portable";
import { AuthError, asAuthError } from "./errors.ts";
import type { Attempt, Authenticator, Identity } from "./identity.ts";
import type { ServerSocket } from "./sockets.ts";

/** A client that was refused, or whose credentials were. */
export interface RefusedAttempt<Socket = unknown> {
  readonly socket: Socket;
  /** When it was: see `Attempt`. `"expire"`: the credentials have run out on an open connection. */
  readonly reason: Attempt["reason"] | "expire";
  /** Its `cause`, if there is one, is what has failed. */
  readonly error: AuthError;
}

/** The options, complete. */
export interface AuthTerms {
  readonly authenticator: Authenticator<unknown>;
  readonly warnBefore: number;
  readonly recheckEvery: number;
  readonly allowSubjectChange: boolean;
  readonly closeConnection: boolean;
  readonly clock: Clock;
  refused(refused: RefusedAttempt<ServerSocket>): void;
}

/** What the handshake of a socket shows. */
export function attemptOf(socket: ServerSocket, reason: Attempt["reason"]): Attempt {
  return { handshake: socket.handshake, request: socket.request, reason, renewal: null };
}

/**
 * Examines credentials. An authenticator need not look at the time itself.
 * @throws AuthError in any case: what else an authenticator throws is its cause
 */
export async function identify(terms: AuthTerms, attempt: Attempt): Promise<Identity<unknown>> {
  let identity: Identity<unknown>;
  try {
    identity = await terms.authenticator(attempt);
  } catch (error) {
    throw asAuthError(error);
  }
  if (identity.expiresAt !== undefined && !(identity.expiresAt > terms.clock.wallTime())) {
    throw new AuthError("EXPIRED");
  }
  return identity;
}

/** Keeps what is known of a client where recovered sessions, and other servers, find it. */
export function keepIdentity(socket: ServerSocket, identity: Identity<unknown>): void {
  const { user, subject, issuer, expiresAt } = identity;
  socket.data.user = user;
  socket.data.auth = { subject, issuer, expiresAt };
}
