// Why a client is refused, in the forms in which clients can read it: an error of the connection, an answer, an event.

/**
 * Why a client or something that it asked for was refused.
 */
export type AuthCode =
  /** No credentials were sent. */
  | "NO_CREDENTIALS"
  /** The credentials are not valid. */
  | "INVALID_CREDENTIALS"
  /** The credentials were valid, but are not any more. */
  | "EXPIRED"
  /** New credentials, or those of a session that goes on, are those of another user. */
  | "SUBJECT_MISMATCH"
  /** A guard does not allow it to this user. */
  | "FORBIDDEN"
  /** The credentials cannot be checked at the moment: a key set, an identity provider or a store has failed. */
  | "UNAVAILABLE"
  /** The last renewal has not been answered yet. */
  | "RENEWAL_PENDING"
  /** Too many events of this client wait for predicates that are asynchronous. */
  | "TOO_MANY_PENDING";

/** Codes of the errors that this package throws on wrong options. */
export type AuthOptionCode =
  /** Options of this package are wrong or contradict each other. */
  "ERR_AUTH_OPTIONS";

const MESSAGES: Readonly<Record<AuthCode, string>> = {
  NO_CREDENTIALS: "no credentials",
  INVALID_CREDENTIALS: "invalid credentials",
  EXPIRED: "credentials have expired",
  SUBJECT_MISMATCH: "credentials of another user",
  FORBIDDEN: "not allowed",
  UNAVAILABLE: "credentials cannot be checked now",
  RENEWAL_PENDING: "the last renewal is not answered yet",
  TOO_MANY_PENDING: "too many events wait to be checked",
};

/** What a client is told: `error.data` of its `connect_error`, and the argument of the events `auth:expired` and `auth:refused`. */
export interface RefusalData {
  readonly code: AuthCode;
  readonly message: string;
}

/** A refusal. Its `data` is what a client gets with `connect_error`; its `cause` is never sent. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthCode;
  /** Sent to the client. */
  readonly data: RefusalData;

  constructor(code: AuthCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.code = code;
    this.data = { code, message: this.message };
  }
}

/** What whoever asked for something that was refused gets as the answer; the same form as that of contracts. */
export interface AuthRefusal {
  readonly error: RefusalData & { readonly event: string; readonly issues: readonly [] };
}

/**
 * Makes the answer to an event from an error: of a refusal, as of a guarded `socket.join`. Other errors are thrown again.
 * @param event the event that is answered
 * @throws unknown the error itself, when it is none of this package
 * @example
 * socket.on("open", (room, answer) =>
 *   socket.join(room).then(() => answer({ ok: true }), (error) => answer(refusalOf(error, "open"))));
 */
export function refusalOf(error: unknown, event: string): AuthRefusal {
  if (!(error instanceof AuthError)) throw error;
  return { error: { ...error.data, event, issues: [] } };
}

/** Any failure of an authenticator as a refusal. What is not one itself says nothing about the credentials. */
export function asAuthError(cause: unknown): AuthError {
  return cause instanceof AuthError ? cause : new AuthError("UNAVAILABLE", { cause });
}

export function optionError(what: string): Error {
  const code: AuthOptionCode = "ERR_AUTH_OPTIONS";
  return Object.assign(new TypeError(`@sockeye/auth: ${what}`), { code });
}
