// The table of the cluster's errors. Messages that Socket.IO's adapters have are theirs, because applications compare them.

import { type CodedError, type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const CLUSTER_ERRORS = {
  /**
   * Rejects `fetchSockets`, or is passed to the callback of `serverSideEmit`: some nodes did not answer in time. Has
   * `responses` (what has arrived) and `missing` (ids of the silent nodes).
   */
  ERR_CLUSTER_TIMEOUT: (missing: number) => `timeout reached: missing ${missing} responses`,
  /**
   * Passed to the callback of `serverSideEmit`: a node ended before it answered. Has `responses` and `missing`.
   */
  ERR_CLUSTER_NODE_LOST: (missing: number) => `${missing} nodes have left before they answered`,
  /** Rejects a broadcast: its message is longer than the broker takes. The clients of this server have received it. */
  ERR_CLUSTER_PAYLOAD: (bytes: number, limit: number) =>
    `a message of ${bytes} bytes is too large for the broker, which takes ${limit}`,
  /** Rejects a request: too many others wait for their answers. */
  ERR_CLUSTER_BUSY: (limit: number) => `more than ${limit} requests wait for their answers`,
  /** Rejects what was begun before the adapter was closed, or after. */
  ERR_CLUSTER_CLOSED: () => "the adapter is closed",
  /** Rejects a broadcast or a request: there is no connection to the broker. Clients of this server were reached. */
  ERR_BUS_DOWN: () => "there is no connection to the broker",
  /** Rejects a broadcast or a request: so many bytes wait for the broker already. */
  ERR_BUS_FULL: (limit: number) => `more than ${limit} bytes wait for the broker`,
  /**
   * Rejects the opening of an adapter, an event of an emitter, or what waits for a log: the broker has answered that it does
   * not do it, or nothing at all. It is tried again, except for an emitter.
   */
  ERR_BROKER_REFUSED: (reason: string) => `the broker has refused: ${reason}`,
  /** Thrown by an emitter, which hears no answers. */
  ERR_EMITTER_ACK: () => "Acknowledgements are not supported",
} as const;

/** The codes of the cluster's errors. */
export type ClusterErrorCode = keyof typeof CLUSTER_ERRORS;

/** An error of the cluster. */
export type ClusterError = CodedError<ClusterErrorCode>;

/** Creates an error of the cluster; the values fill in its message. */
export const clusterError: ErrorFactory<typeof CLUSTER_ERRORS> = errorFactory(CLUSTER_ERRORS);
