// The client's side: new credentials over the open connection. For Sockeye's client and Socket.IO's.

/** The part of a client's socket that tells it is one, with events of any types; Socket.IO's has it as well. */
export interface ClientSocket {
  readonly id?: string | undefined;
  readonly auth?: unknown;
  connect(): unknown;
}

/** A client's socket as this file uses it. */
interface UntypedSocket {
  auth: unknown;
  readonly connected: boolean;
  emit(event: string, ...args: unknown[]): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
}

/** The answer to a renewal. */
interface Renewed {
  readonly ok?: boolean;
  readonly expiresAt?: number | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A renewal that failed. The connection goes on with the credentials that it has, until these end. */
export class ReauthenticationError extends Error {
  override readonly name = "ReauthenticationError";
  /** The server's code, as `INVALID_CREDENTIALS` or `SUBJECT_MISMATCH`; `NO_ANSWER` when it has not answered in time, or there is no connection. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How a renewal is sent. */
export interface ReauthenticateOptions {
  /** How long the server may take, in milliseconds. Default 10,000. */
  readonly timeout?: number;
}

/**
 * Sends new credentials over the open connection. When the server has accepted them they are also those of later
 * connections, in `socket.auth.token`, unless `socket.auth` is a function.
 * @param token left out by clients whose credentials are a cookie: the server examines their session again
 * @returns when they end: milliseconds since 1970 by the server's clock, or `null` for never
 * @throws ReauthenticationError
 * @example await reauthenticate(socket, await fetchToken());
 */
export async function reauthenticate(
  socket: ClientSocket,
  token?: string,
  { timeout = 10_000 }: ReauthenticateOptions = {},
): Promise<number | null> {
  const untyped = socket as unknown as UntypedSocket;
  const {
    error,
    expiresAt = null,
    ok,
  } = await new Promise<Renewed>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      untyped.off("disconnect", lost);
    };
    const fail = (message: string): void => {
      end();
      reject(new ReauthenticationError("NO_ANSWER", message));
    };
    const lost = (): void => fail("the connection was lost");
    const timer = setTimeout(() => fail("no answer from the server"), timeout);
    // What is emitted now would wait, and take the place of newer credentials at the next connection.
    if (!untyped.connected) {
      fail("not connected");
      return;
    }
    untyped.on("disconnect", lost);
    untyped.emit("auth:renew", token, (answer: Renewed | null | undefined) => {
      end();
      resolve(answer ?? {});
    });
  });
  if (ok !== true) {
    const { code, message } = error ?? { code: "NO_ANSWER", message: "the answer is none" };
    throw new ReauthenticationError(code, message);
  }
  if (token !== undefined && typeof untyped.auth !== "function") {
    untyped.auth = { ...(untyped.auth as object | undefined), token };
  }
  return expiresAt;
}

/** How credentials are kept. */
export interface KeepAuthenticatedOptions extends ReauthenticateOptions {
  /** Called when a renewal has failed, or new credentials could not be had. Default: nothing; the server disconnects at their end. */
  readonly onFailed?: (error: unknown) => void;
}

/**
 * Renews the credentials whenever the server says that they end soon, and fetches them anew for each connection.
 * @param getToken called for each connection and each renewal
 * @returns a function that ends it
 * @example
 * const socket = io({ autoConnect: false });
 * keepAuthenticated(socket, () => session.freshToken());
 * socket.connect();
 */
export function keepAuthenticated(
  socket: ClientSocket,
  getToken: () => string | Promise<string>,
  options: KeepAuthenticatedOptions = {},
): () => void {
  const untyped = socket as unknown as UntypedSocket;
  const before = untyped.auth;
  const failed = (error: unknown): void => options.onFailed?.(error);
  untyped.auth = (send: (auth: object) => void) => {
    Promise.resolve()
      .then(getToken)
      .then(
        (token) => send({ ...(typeof before === "object" ? before : {}), token }),
        (error: unknown) => {
          failed(error);
          // The server refuses it, and says so by a connect_error, after which the application may try again.
          send({ ...(typeof before === "object" ? before : {}) });
        },
      );
  };
  const renew = (): void => {
    Promise.resolve()
      .then(getToken)
      .then((token) => reauthenticate(socket, token, options))
      .catch(failed);
  };
  untyped.on("auth:expiring", renew);
  return () => {
    untyped.off("auth:expiring", renew);
    untyped.auth = before;
  };
}
