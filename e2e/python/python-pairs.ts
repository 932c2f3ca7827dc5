// The pairs of which one side is Python. The one on Python's other side is ours, or, as a control that
// proves the scenarios, Socket.IO's.

import type { ClientName } from "../kit/client-kinds.ts";
import { isWhole } from "../kit/extent.ts";
import type { ServerName } from "../kit/server-kinds.ts";

/** A server and a Python client. */
export interface PythonClientPair {
  /** As it stands in the matrix. */
  readonly name: string;
  readonly server: ServerName;
}

/** A Python server and a client. */
export interface PythonServerPair {
  /** As it stands in the matrix. */
  readonly name: string;
  readonly client: ClientName;
}

/** The pairs of this run: the controls, which say nothing of ours, only with SOCKEYE_MATRIX. */
const chosen = <Pair>(pairs: readonly Pair[]): readonly Pair[] =>
  isWhole ? pairs : pairs.slice(0, 1);

/** Every pair with a Python client. */
export const pythonClientPairs: readonly PythonClientPair[] = chosen([
  { name: "sockeye × python-socketio", server: "sockeye" },
  { name: "socket.io × python-socketio", server: "socket.io" },
]);

/** Every pair with a Python server. */
export const pythonServerPairs: readonly PythonServerPair[] = chosen([
  { name: "python-socketio × sockeye client", client: "sockeye" },
  { name: "python-socketio × socket.io-client", client: "socket.io-client" },
]);

/** The names of all of them, in the order of the matrix. */
export const pythonPairNames: readonly string[] = [
  ...pythonClientPairs.slice(0, 1),
  ...pythonServerPairs,
  ...pythonClientPairs.slice(1),
].map(({ name }) => name);
