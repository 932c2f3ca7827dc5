// The table of the client's errors: codes, messages, and when each occurs. Where Socket.IO has such an error the message
// is Socket.IO's, because applications compare it. The messages stand where the errors are created, so that a bundle
// contains only those that it can need. `docs/reference/errors.md` is generated from this file.

import type { CodedError } from "@sockeye/portable";

/** The codes of the client's errors. */
export type ClientErrorCode =
  /**
   * `operation has timed out`: Passed to the callback, or rejects `emitWithAck`: the time of `timeout()` or
   * `ackTimeout` was up before the server answered.
   */
  | "ERR_ACK_TIMEOUT"
  /**
   * `send buffer is full`: Passed to the callback, or rejects `emitWithAck`: `maxSendBufferLength` events wait already.
   */
  | "ERR_BUFFER_FULL"
  /**
   * `socket has been disconnected`: Passed to the callback, or rejects `emitWithAck`: the connection was lost before
   * the server answered.
   */
  | "ERR_DISCONNECTED"
  /**
   * `"<event>" is a reserved event name`: Thrown by `emit` and its variants: the library uses the event name itself.
   */
  | "ERR_RESERVED_EVENT"
  /**
   * `an event needs a name, a text or a number, not <given>`: A `TypeError`, thrown by `emit` and its variants; not in
   * minified builds.
   */
  | "ERR_EVENT_NAME"
  /** The server's message: `connect_error`: the server refused the socket. `data` is what the server attached. */
  | "ERR_REFUSED"
  /** `the server is older than Socket.IO v3`: `connect_error`: the server answered as Socket.IO 2 does. */
  | "ERR_OLD_SERVER"
  /** `timeout`: `connect_error`: the attempt took longer than the option `timeout`. */
  | "ERR_CONNECT_TIMEOUT"
  /**
   * `<transport> error`, `xhr poll error`, `xhr post error`, `transport close`, and others: A `TransportError`: the
   * transport failed.
   */
  | "ERR_TRANSPORT"
  /** `No transports available`: `connect_error`: the option `transports` is empty. */
  | "ERR_NO_TRANSPORT"
  /**
   * `specifying both 'transportImplementations' and 'transports' options is not supported`: Thrown when the session is
   * created.
   */
  | "ERR_TRANSPORTS_TWICE"
  /**
   * `the class of the transport <name> is in @sockeye/client/engine`: A `TypeError`, thrown by the constructor of a
   * class that only names a transport.
   */
  | "ERR_TRANSPORT_CLASS"
  /** `probe error: <cause>`: The event `upgradeError` of a session: a better transport was tried in vain. */
  | "ERR_PROBE"
  /** `server error`: The server sent what is no Engine.IO packet. This code is Socket.IO's. */
  | "parser error"
  /** `server error`: The server began the session with what is no handshake. */
  | "invalid handshake"
  /**
   * `the answer is longer than <limit> bytes`: In the context of a `TransportError`, Node: the answer to a poll exceeds
   * the limit.
   */
  | "ERR_ANSWER_LENGTH"
  /** `a frame of <length> bytes exceeds maxPayload (<limit>)`: Description of a `TransportError` of WebTransport. */
  | "ERR_FRAME_LENGTH"
  /** `URI too long`: Thrown by `io`, `new Manager` and `parse`: the address has more than 8,000 characters. */
  | "ERR_ADDRESS_LENGTH"
  /**
   * `no server address: <address>`: A `TypeError`, thrown by `io` and `new Manager`: the address has a scheme and no
   * host.
   */
  | "ERR_ADDRESS"
  /**
   * `option <name> must be: <types>`: A `TypeError`, thrown by `io`, `new Manager` and `manager.socket`: the option has
   * a type that would be ignored silently.
   */
  | "ERR_OPTION"
  /**
   * `@sockeye/client/websocket has no option <name>`: A `TypeError`, thrown by `io`, `new Manager` and
   * `manager.socket` of a small entry.
   */
  | "ERR_LACKING_OPTION"
  /** `a listener must be a function`: A `TypeError`, thrown by `on` and `once`. */
  | "ERR_LISTENER_TYPE";

/** An error of the client. */
export type ClientError = CodedError<ClientErrorCode>;

/**
 * Creates an error of the table. `code` is not enumerable: such an error compares and prints like that of Socket.IO.
 * `bundle.mjs` turns the call into `new Error(message)` where it minifies, so the code has to be a literal.
 */
export function clientError(code: ClientErrorCode, message: string): ClientError {
  return coded(new Error(message), code);
}

/** The same for a mistake in what was given: `new TypeError(message)` where it is minified. */
export function clientTypeError(code: ClientErrorCode, message: string): ClientError {
  return coded(new TypeError(message), code);
}

function coded(error: Error, code: ClientErrorCode): ClientError {
  return Object.defineProperty(error, "code", { value: code }) as ClientError;
}
