// The codes of hints: what may be behind an error, where the error itself says too little. A hint is a text for people, in
// the property `hint` of an error or in a warning; programs compare its code, in the property `hintCode`.

/** The codes of the client's hints. */
export type ClientHintCode =
  /** Node: nothing listens at this host and port (`ECONNREFUSED`). */
  | "HINT_REFUSED"
  /** Node: there is no host of this name (`ENOTFOUND`, `EAI_AGAIN`). */
  | "HINT_UNKNOWN_HOST"
  /** Node: the host cannot be reached (`ETIMEDOUT`, `EHOSTUNREACH` and others). */
  | "HINT_UNREACHABLE"
  /** Node: the certificate is not trusted, is not valid now, or belongs to another name. */
  | "HINT_CERTIFICATE"
  /** Node: `https` or `wss` was asked of a server that speaks `http`. */
  | "HINT_HTTP_SERVER"
  /** `http` or `ws` was asked of a server that speaks `https`, and that says so. */
  | "HINT_HTTPS_SERVER"
  /** Node: the connection was cut before there was an answer, as a server of `https` does when it is asked by `http`. */
  | "HINT_RESET"
  /** There was no answer, and the platform does not say why; browsers never do. */
  | "HINT_NO_ANSWER"
  /** The attempt took longer than the option `timeout`. */
  | "HINT_TIMEOUT"
  /** The answer has the status 404: there is no Socket.IO server under this path. */
  | "HINT_PATH"
  /** The answer has the status 403. */
  | "HINT_FORBIDDEN"
  /** The server does not know the session: several servers without sticky sessions, or a restart. */
  | "HINT_STICKY"
  /** More was sent at once than the server's `maxHttpBufferSize` (status 413, close code 1009). */
  | "HINT_TOO_LARGE"
  /** Node: a message of the server is longer than the client's option `maxPayload`. */
  | "HINT_MAX_PAYLOAD"
  /** The answer has another status. */
  | "HINT_STATUS"
  /** The answer has the status 200 and is not Socket.IO's: a page, most often. */
  | "HINT_NOT_SOCKET_IO"
  /** `Invalid namespace`: the server has no namespace of this name. */
  | "HINT_NAMESPACE"
  /** The server speaks the protocol of Socket.IO 2. */
  | "HINT_OLD_SERVER"
  /** A warning: an option is misspelled, is the server's, or had this name in Socket.IO 2. */
  | "HINT_OPTION_NAME"
  /** A warning: a Map or a Set was emitted, of which JSON keeps nothing. */
  | "HINT_LOSSY_DATA";

/** A code and what to do. */
export type Hint = readonly [code: ClientHintCode, text: string];
