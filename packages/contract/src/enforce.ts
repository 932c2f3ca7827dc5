// Enforcing a contract, on a server's namespace or on a client's socket.

import { checkAnswers } from "./answers.ts";
import { checkBroadcastAnswers } from "./broadcast-answers.ts";
import { EventChecks } from "./check.ts";
import type { Contract } from "./contract.ts";
import { installGate } from "./gate.ts";
import type { GateOptions } from "./options.ts";

/** The part of a server or namespace that is used; Socket.IO's have it as well. */
export interface EnforceableNamespace<Socket> {
  on(event: "connection", listener: (socket: Socket) => void): unknown;
}

/** The part of a client's socket that tells it is one; Socket.IO's has it as well. */
export interface EnforceableSocket {
  readonly id?: string | undefined;
  connect(): unknown;
}

/**
 * Validates what the clients of a namespace send, before any listener, catch-all listener or middleware of a socket gets it:
 * arguments are replaced by what the schemas make of them, anything else is refused. The sender of a refused event gets
 * a `Refusal` as its answer, if it asked for one. Answers of clients are validated too, those to broadcasts as well: in the
 * place of one that is not as declared stands a `Refusal`.
 *
 * Events are delivered in the order in which they came, also where schemas validate asynchronously. An event whose contract
 * declares no answer is acknowledged without one.
 * @param namespace a server stands for its main namespace; call it before clients connect
 * @returns the namespace
 * @example
 * const io = new Server<ServerListens<typeof chat>, ServerEmits<typeof chat>>(3000);
 * enforceContract(io, chat, { onRefused: ({ event, error }) => log.warn(event, error.message) });
 */
export function enforceContract<Socket, Namespace extends EnforceableNamespace<Socket>>(
  namespace: Namespace & EnforceableNamespace<Socket>,
  contract: Contract,
  options: GateOptions<Socket> = {},
): Namespace {
  const incoming = new EventChecks(contract.clientToServer);
  const asked = asking(contract.serverToClient);
  namespace.on("connection", (socket) => {
    installGate(socket, incoming, options);
    if (asked === null) return;
    checkAnswers(socket, asked);
    checkBroadcastAnswers(socket, asked);
  });
  return namespace;
}

/**
 * Validates what the server sends to a client's socket, and its answers. For clients that do not trust their server, or
 * whose build may be older than it.
 * @returns the socket
 * @example const socket = enforceOnClient(io("/chat"), chat);
 */
export function enforceOnClient<Socket extends EnforceableSocket>(
  socket: Socket,
  contract: Contract,
  options: GateOptions<Socket> = {},
): Socket {
  installGate(socket, new EventChecks(contract.serverToClient), options);
  const asked = asking(contract.clientToServer);
  if (asked !== null) checkAnswers(socket, asked);
  return socket;
}

/** The events of a direction, if any of them asks for an answer. */
function asking(events: Contract["clientToServer"]): EventChecks | null {
  return Object.values(events).some(({ ack }) => ack) ? new EventChecks(events) : null;
}
