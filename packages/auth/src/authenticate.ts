// Authentication of a namespace: who connects, for how long, and how the credentials are renewed.

import { type Clock, LONGEST_DELAY } from "@sockeye/portable";
import { AuthError, optionError } from "./errors.ts";
import { type Attempt, type Authenticator, isSameSubject } from "./identity.ts";
import {
  type AuthNamespace,
  callUser,
  type ServedNamespace,
  type ServerSocket,
} from "./sockets.ts";
import { systemClock } from "./system-clock.ts";
import { type AuthTerms, attemptOf, identify, keepIdentity, type RefusedAttempt } from "./terms.ts";
import { AuthWatch } from "./watch.ts";

/** How a namespace is authenticated. */
export interface AuthenticateOptions<Socket = unknown> {
  /** How long before its credentials end a client gets the event `auth:expiring`, in milliseconds. Default 60,000; 0: it gets none. */
  readonly warnBefore?: number;
  /**
   * How often the credentials of open connections are examined again, in milliseconds: so that a session that has ended or a
   * token that was revoked closes them. Default never.
   */
  readonly recheckEvery?: number;
  /** Whether credentials of another subject may take the place of a client's. Default `false`. */
  readonly allowSubjectChange?: boolean;
  /** Whether the connection is closed, not the namespace alone, when credentials end. Default `false`. */
  readonly closeConnection?: boolean;
  /** Called for each refusal, for logs and counters. */
  readonly onRefused?: (refused: RefusedAttempt<Socket>) => void;
  /** Default: that of the platform. For tests. */
  readonly clock?: Clock;
}

async function admit(socket: ServerSocket, terms: AuthTerms): Promise<Attempt> {
  const attempt = attemptOf(socket, "connect");
  const identity = await identify(terms, attempt);
  const earlier = socket.recovered === true ? socket.data.auth : undefined;
  if (earlier !== undefined && !isSameSubject(earlier, identity)) {
    throw new AuthError("SUBJECT_MISMATCH");
  }
  keepIdentity(socket, identity);
  return attempt;
}

function checked(authenticator: unknown, options: AuthenticateOptions<ServerSocket>): AuthTerms {
  const { warnBefore = 60_000, recheckEvery = Infinity, clock = systemClock } = options;
  if (typeof authenticator !== "function") throw optionError("the authenticator is no function");
  if (!(warnBefore >= 0)) throw optionError("warnBefore must be 0 or more milliseconds");
  if (!(recheckEvery > 0)) throw optionError("recheckEvery must be more than 0 milliseconds");
  return {
    authenticator: authenticator as Authenticator<unknown>,
    warnBefore: Math.min(warnBefore, LONGEST_DELAY),
    recheckEvery,
    allowSubjectChange: options.allowSubjectChange === true,
    closeConnection: options.closeConnection === true,
    clock,
    refused: (refused) => callUser(() => options.onRefused?.(refused)),
  };
}

/**
 * Lets in who the authenticator knows. Anybody else gets a `connect_error` with `error.data.code`. `socket.data.user` is the
 * user; when credentials end, the client gets the event `auth:expiring` some time before, then `auth:expired`, and is
 * disconnected. A client renews them over the open connection by `reauthenticate` of `@sockeye/auth/client`, or by emitting
 * `auth:renew` with the new token and a callback. No listener sees these events.
 *
 * Call it before clients connect, and before other `connection` listeners and middleware of the namespace are added. Sockets that
 * are recovered without middleware keep the user and the end of the credentials that they had.
 * @param namespace a server stands for its main namespace; parent namespaces authenticate all of theirs
 * @param authenticator `jwt`, `openId`, `introspection`, `apiKeys`, `expressSession`, `sealedCookie`, `anyOf`, or your own
 * @returns the namespace
 * @throws TypeError `ERR_AUTH_OPTIONS` when options are wrong
 * @example
 * authenticate(io, jwt({ secret, algorithms: ["HS256"], issuer: "https://app.example" }), { warnBefore: 30_000 });
 */
export function authenticate<Namespace extends AuthNamespace>(
  namespace: Namespace,
  authenticator: Authenticator<unknown>,
  options: AuthenticateOptions = {},
): Namespace {
  const terms = checked(authenticator, options);
  const admitted = new WeakMap<ServerSocket, Attempt>();
  const served = namespace as unknown as ServedNamespace;
  served.use((socket, next) => {
    void admit(socket, terms).then(
      (attempt) => {
        admitted.set(socket, attempt);
        next();
      },
      (error: AuthError) => {
        terms.refused({ socket, reason: "connect", error });
        next(error);
      },
    );
  });
  served.on("connection", (socket) => {
    new AuthWatch(socket, terms, admitted.get(socket)).start();
  });
  return namespace;
}
