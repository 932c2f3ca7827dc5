// What authenticators are, and what they find out.

import { AuthError } from "./errors.ts";

/** What is known of the handshake of a socket; that of either library. */
export interface AuthHandshake {
  /** `auth` of the client. */
  readonly auth: Readonly<Record<string, unknown>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One time that a client shows its credentials. */
export interface Attempt {
  readonly handshake: AuthHandshake;
  /** The request that opened the connection: `socket.request`. */
  readonly request: unknown;
  /**
   * How it came: `"connect"`, with the credentials in the handshake; `"renew"`, with those of `renewal` alone; `"recheck"`, when
   * those of the last attempt are examined again.
   */
  readonly reason: "connect" | "renew" | "recheck";
  /** What the client has sent to renew; `null` when it is no renewal. `undefined`: it sent nothing, as clients with cookies do. */
  readonly renewal: unknown;
}

/** Who a client is, and for how long. */
export interface Identity<User> {
  /** Becomes `socket.data.user`; plain data, as other servers of a cluster get it too. */
  readonly user: User;
  /** What stays the same when credentials are renewed. A client without one cannot renew. */
  readonly subject?: string | undefined;
  /** Whose name the subject is. */
  readonly issuer?: string | undefined;
  /** When the credentials end, in milliseconds since 1970. Default never. */
  readonly expiresAt?: number | undefined;
}

/**
 * Finds out who a client is. Rejects with an `AuthError` to refuse it; any other error refuses it with `UNAVAILABLE`.
 */
export type Authenticator<User> = (attempt: Attempt) => Promise<Identity<User>>;

/** What is kept of an identity in `socket.data.auth`. */
export type AuthState = Omit<Identity<unknown>, "user">;

/** `socket.data` of sockets that were authenticated: the type parameter `SocketData` of a server. */
export interface AuthData<User> {
  user: User;
  auth: AuthState;
}

/** Whether two identities are the same user. */
export function isSameSubject(one: AuthState, other: AuthState): boolean {
  return one.subject !== undefined && one.subject === other.subject && one.issuer === other.issuer;
}

/**
 * An authenticator that tries others in order: the next one when the client has not sent the credentials of the one before.
 * Credentials that were sent and are not valid are refused.
 * @example authenticate(io, anyOf(jwt(options), apiKeys({ keys })));
 */
export function anyOf<User>(...authenticators: Authenticator<User>[]): Authenticator<User> {
  return async (attempt) => {
    for (const authenticator of authenticators) {
      try {
        return await authenticator(attempt);
      } catch (error) {
        if (!(error instanceof AuthError && error.code === "NO_CREDENTIALS")) throw error;
      }
    }
    throw new AuthError("NO_CREDENTIALS");
  };
}
