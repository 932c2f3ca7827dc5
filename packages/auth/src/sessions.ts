// Sessions of web applications: those that a store of express-session keeps, and those that a sealed cookie holds.

import { cookieOf } from "./credentials.ts";
import { AuthError, optionError } from "./errors.ts";
import type { Attempt, Authenticator } from "./identity.ts";

/** What is used of a session of express-session. */
export interface StoredSession {
  readonly id: string;
  readonly cookie: { readonly expires?: Date | boolean | null | undefined };
  reload(done: (error?: unknown) => void): unknown;
}

/** Who a session belongs to. */
export interface SessionUser<User> {
  readonly user: User;
  /** Stays the same while the user does. Default none. */
  readonly subject?: string;
}

/** The options of `expressSession`. */
export interface ExpressSessionOptions<User, Session extends object> {
  /** Whose the session is; `null`: nobody has logged in. */
  readonly user: (session: Session) => SessionUser<User> | null | Promise<SessionUser<User> | null>;
}

/** Loads what the store has now. A session that is not there any more has ended. */
function reloaded(session: StoredSession): Promise<void> {
  return new Promise((resolve, reject) => {
    session.reload((cause) => {
      if (cause === undefined || cause === null) resolve();
      else if ((cause as Partial<Error>).message === "failed to load session") {
        reject(new AuthError("EXPIRED", { cause }));
      } else reject(new AuthError("UNAVAILABLE", { cause }));
    });
  });
}

/**
 * An authenticator by the session that express-session, or middleware like it, has put in `socket.request.session`:
 * `io.engine.use(session(options))`. A connection ends when its cookie does; with `recheckEvery` of `authenticate` also
 * when the session is destroyed or its user logs out, and `reauthenticate(socket)` of a client loads it again at once.
 * @example
 * io.engine.use(sessionMiddleware);
 * authenticate(io, expressSession({ user: ({ userId }) => userId ? { user: { id: userId }, subject: userId } : null }),
 *   { recheckEvery: 30_000 });
 */
export function expressSession<User, Session extends object = StoredSession>(
  options: ExpressSessionOptions<User, Session>,
): Authenticator<User> {
  if (typeof options.user !== "function") throw optionError("user is no function");
  return async ({ reason, request }) => {
    const of = (): StoredSession | undefined =>
      (request as { session?: StoredSession } | undefined)?.session;
    const before = of();
    if (before === undefined) throw new AuthError("NO_CREDENTIALS");
    if (reason !== "connect") await reloaded(before);
    // It is another object now.
    const session = of() ?? before;
    const found = await options.user(session as unknown as Session);
    if (found === null) throw new AuthError(reason === "connect" ? "NO_CREDENTIALS" : "EXPIRED");
    const { expires } = session.cookie;
    const expiresAt = expires instanceof Date ? expires.getTime() : undefined;
    return { ...found, issuer: "session", expiresAt };
  };
}

/** The options of `sealedCookie`. */
export interface SealedCookieOptions<User, Data> {
  /** Its name. */
  readonly cookie: string;
  /**
   * Opens the seal: `(sealed) => unsealData(sealed, { password })` of iron-session, or
   * `(sealed) => Iron.unseal(sealed, password, Iron.defaults)` of `@hapi/iron`.
   */
  readonly unseal: (sealed: string) => Promise<Data>;
  /** Whose the session is; `null`: nobody has logged in. */
  readonly user: (data: Data) => SessionUser<User> | null | Promise<SessionUser<User> | null>;
}

/** When a seal ends: the sixth part of what iron writes, in milliseconds; empty when it does not. */
function endOf(sealed: string): number | undefined {
  const end = Number(sealed.split("*")[5]);
  return end > 0 ? end : undefined;
}

/** The cookie, also where a renewal has come: a page cannot read it, and an open connection gets no other one. */
function sealIn(attempt: Attempt, name: string): string {
  const sealed = cookieOf(attempt, name);
  if (sealed === undefined || sealed === "") throw new AuthError("NO_CREDENTIALS");
  return sealed;
}

/**
 * An authenticator by a session that is sealed in a cookie (iron). The connection ends when the seal does.
 * @example
 * authenticate(io, sealedCookie({
 *   cookie: "session", unseal: (sealed) => unsealData<{ userId?: string }>(sealed, { password }),
 *   user: ({ userId }) => (userId ? { user: { id: userId }, subject: userId } : null),
 * }));
 */
export function sealedCookie<User, Data>(
  options: SealedCookieOptions<User, Data>,
): Authenticator<User> {
  const { cookie, unseal, user } = options;
  if (typeof unseal !== "function") throw optionError("unseal is no function");
  return async (attempt) => {
    const sealed = sealIn(attempt, cookie);
    let data: Data;
    try {
      data = await unseal(sealed);
    } catch (cause) {
      const isOver = /expired/i.test((cause as Partial<Error>).message ?? "");
      throw new AuthError(isOver ? "EXPIRED" : "INVALID_CREDENTIALS", { cause });
    }
    const found = await user(data);
    // iron-session opens a broken seal as an empty session.
    if (found === null) throw new AuthError("INVALID_CREDENTIALS");
    return { ...found, issuer: "session", expiresAt: endOf(sealed) };
  };
}
