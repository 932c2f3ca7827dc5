// What a socket needs of its manager, and what it gives to it; and what a socket whose events are sent until they are
// acknowledged needs of its queue, which a page fetches.

import type { EventKey, Listener } from "@sockeye/events";
import type { Codec, Packet } from "@sockeye/protocol";
import type { AckCallback } from "./ack-callback.ts";
import type { ClientDiagnostics } from "./diagnostics.ts";
import type { ManagerOptions, SocketOptions } from "./options.ts";
import type { Outbox } from "./outbox/event-queue.ts";
import type { Status } from "./status.ts";
import type { SessionTransport } from "./volatile.ts";

/** One-shot settings of the next event. */
export interface EmitFlags {
  compress?: boolean;
  volatile?: boolean;
  timeout?: number | undefined;
  /** The callback of the acknowledgement takes an error in front, whether or not there is a deadline. */
  takesError?: boolean | undefined;
}

/** A packet with the way it is to be sent. */
export interface SentPacket extends Packet {
  options?: EmitFlags;
}

/** What a socket needs of its manager. */
export interface SocketManager {
  readonly opts: ManagerOptions;
  readonly platform: {
    readonly diagnostics?: ClientDiagnostics | undefined;
    /** Where the queues of sockets with `retries` or an outbox come from. */
    readonly withQueues?: WithQueues | undefined;
  };
  /** The session in use, or the last one. */
  readonly engine:
    | {
        hasPingExpired(): boolean;
        readonly transport?: SessionTransport | undefined;
      }
    | undefined;
  readonly status: Status;
  on(event: EventKey, listener: Listener): unknown;
  raise(event: EventKey, ...args: unknown[]): unknown;
  send(packet: SentPacket): void;
  /** The wire form. `encode` throws a TypeError when a packet cannot be encoded. */
  readonly codec: Pick<Codec, "encode">;
  wake(socket: { onopen(): void }): void;
  release(socket: { onopen(): void }): void;
}

/** A packet before it is sent. */
export type UnaddressedPacket = Omit<SentPacket, "nsp"> & { nsp?: string };

/** An event as `emit` is given it: its name, its arguments, perhaps the callback of its acknowledgement. */
export type EventData = [event: string, ...args: unknown[]];

/** Takes the events of a socket: its queue, or another socket while the queue is fetched. */
export interface EventLine {
  /** Of the next event. */
  flags: EmitFlags;
  /** Takes an event. @throws what `emit` of a socket throws */
  emit(...data: EventData): unknown;
  /** The events that wait for the queue. */
  readonly sendBuffer: UnaddressedPacket[];
  /** Settles the acknowledgement of one of them. */
  settle(packet: UnaddressedPacket, ...answer: Parameters<AckCallback>): boolean;
  /** The events in the queue. */
  readonly outbox?: Outbox;
  /** The socket has connected, perhaps again. */
  resume?(): void;
  /** Takes what has waited in the send buffer of `line`. */
  takeFrom?(line: Keeper): void;
}

/** What keeps events. */
export type Keeper = Pick<EventLine, "sendBuffer" | "settle">;

/** A socket as its queue sees it. */
interface QueueOwner {
  readonly io: SocketManager;
  readonly nsp: string;
  readonly connected: boolean;
  /** Of the next event. */
  flags: EmitFlags;
}

/** The queue of a socket as a line. */
type QueueLine = Required<EventLine>;

/** Makes the queue of a socket with these options. `emit` sends an event without the queue. */
export type AttachQueue = (
  socket: QueueOwner,
  options: SocketOptions,
  emit: (...data: EventData) => void,
) => QueueLine;

/** What may bring along the way to queues: a platform, an outbox. */
export interface QueueSource {
  readonly withQueues?: WithQueues | undefined;
}

/** Hands over what makes queues, at once or when it has been fetched; `fail` is called when it cannot be. */
export type WithQueues = (
  use: (attachQueue: AttachQueue) => void,
  fail: (error: Error) => void,
) => unknown;
