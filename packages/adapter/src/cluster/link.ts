// How the adapter of a namespace reaches the other nodes: in our own wire form over a bus (node.ts), or in the form of
// another implementation, in a cluster that has servers of both.

import type { Milliseconds } from "@sockeye/portable";
import type { Encoded, Frame } from "@sockeye/protocol";
import type { AdapterNamespace } from "../contract.ts";
import type { LinkBacklog } from "./backlog.ts";
import type { NodeId } from "./bus.ts";
import type { ClusterDiagnostics } from "./diagnostics.ts";
import type { Answer, Body, Intent, Request, SentRequest } from "./intents.ts";
import type { NodeChannels } from "./node-channels.ts";
import type { ClusterOptions } from "./options.ts";
import type { Asker } from "./requests.ts";

/** Sends an answer, or a part of one, to the node that asked. */
export type Reply = (answer: Answer, body?: Body) => void;

/** A namespace, as its link sees it. Contains what the application throws. */
export interface NodeNamespace {
  apply(intent: Intent, body: Body): void;
  answer(request: SentRequest, body: Body, reply: Reply): void;
  /** Messages of a node were lost on their way. */
  onGap(node: NodeId, missed: number): void;
}

/** A request with its body. */
export interface Question<R extends SentRequest = Request> {
  readonly nsp: string;
  readonly request: R;
  readonly body: Body;
  readonly timeout: Milliseconds;
}

/** What receives messages about sessions of clients. Never throws. */
export interface SessionReceiver {
  onMessage(from: NodeId, message: object, body: Encoded | null): void;
  /** A node has ended, or was not heard for too long. */
  onNodeLeft(node: NodeId): void;
}

/** The way to the other nodes for a server that passes on requests of clients. */
export interface SessionLink {
  readonly id: NodeId;
  isMember(node: NodeId): boolean;
  /** Sends a message to one node, in order. Rejects when it was not sent. */
  tell(node: NodeId, message: object, body: Frame | null): Promise<void> | void;
  /** Reports to `receiver` from now on. */
  receiveSessions(receiver: SessionReceiver): void;
}

/** The way to the other nodes. */
export interface ClusterLink {
  readonly id: NodeId;
  /** The same for sessions of clients, where the wire form has it. */
  readonly sessions?: SessionLink;
  /** Channels, where the wire form has them. */
  readonly channels?: NodeChannels;
  /** Names the codec whose encoded packets every node understands; empty when they do not. */
  readonly commonCodec: string;
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  /** Whether the other nodes are known, or were waited for long enough; nothing where that is not known. */
  readonly isReady?: boolean;
  /** What waits in this node, where the wire form knows. */
  readonly backlog?: LinkBacklog;
  /** The other nodes, at once or when they are known. */
  others(): Promise<readonly NodeId[]> | readonly NodeId[];
  /** Sends an intent to the other nodes. Rejects when it was not sent. */
  publish(nsp: string, intent: Intent, body: Body): Promise<void> | void;
  /**
   * Asks the nodes of a list, which `others` has returned; `asker` is called with their answers. Returns the number of
   * the request, for `forget`.
   */
  ask(question: Question, nodes: readonly NodeId[], asker: Asker): number;
  /** Stops waiting for answers. */
  forget(id: number): void;
}

/** Makes and ends the links of one server. */
export interface LinkHub {
  readonly options: ClusterOptions;
  readonly diagnostics: ClusterDiagnostics;
  /** `false` when its links have no `sessions`, and never will. */
  readonly carriesSessions?: boolean;
  /** A namespace takes part. */
  enter(nsp: AdapterNamespace, namespace: NodeNamespace): ClusterLink;
  /** Settles when the link has begun, or could not. */
  readonly opened: Promise<void>;
  /** A namespace has ended. */
  leave(name: string): Promise<void> | void;
}
