// What nodes say to each other, as data. An intent is applied on every node, an answer goes to the node that asked.
// Versions: a node ignores members that it does not know, and answers a request of a kind that it does not know with
// `unknown`, so that the node that asked need not wait for it. A change that older nodes would misunderstand needs a new
// version (message.ts), and nodes speak the oldest version among the members.

import type { Encoded } from "@sockeye/protocol";
import type { BroadcastFlags, BroadcastOptions, Room } from "../contract.ts";
import type { NodeId } from "./bus.ts";
import type { LogPoint } from "./log.ts";

/** The targets: members of any of `rooms` (every socket when empty) that are in none of `except`. */
export interface Target {
  readonly rooms?: readonly Room[];
  readonly except?: readonly Room[];
}

/** Modifiers that matter on other nodes. */
export type SharedFlags = Pick<BroadcastFlags, "compress" | "latest" | "volatile">;

/** An event for sockets. The body is the encoded packet when `codec` names the codec, or else the list of arguments. */
export interface EventIntent {
  readonly kind: "event";
  readonly target: Target;
  readonly flags?: SharedFlags;
  readonly codec?: string;
  /** In a log: the text in the encoded packet that stands for its offset. */
  readonly mark?: string;
}

/** What is done on every node. */
export type Intent =
  | EventIntent
  | { readonly kind: "join" | "leave"; readonly target: Target; readonly change: readonly Room[] }
  | { readonly kind: "disconnect"; readonly target: Target; readonly close: boolean }
  | { readonly kind: "server event" };

/** In a log: so many messages of its writer were refused here. */
export interface GapIntent {
  readonly kind: "gap";
  readonly missed: number;
}

/** What is asked of every node. The body of `ask` and `server event` is the list of arguments. */
export type Request =
  /** An event for sockets that are to acknowledge it within `wait` milliseconds. */
  | {
      readonly kind: "ask";
      readonly target: Target;
      readonly flags?: SharedFlags;
      readonly wait: number;
    }
  /** A description of the targets; with `ids` nothing but their ids. */
  | { readonly kind: "fetch"; readonly target: Target; readonly ids?: boolean }
  | { readonly kind: "server event" };

/** Where there is a log: the client of a session has come to the asking node, and its earlier connection ends. */
export interface EvictRequest {
  readonly kind: "evict";
  readonly pid: string;
}

/** A request as it is sent. */
export type SentRequest = (EvictRequest | Request) & {
  /** Where there is a log: what must have been read before the answer. */
  readonly after?: LogPoint;
};

/** An answer to a request, or a part of it. The body is a list of values. */
export type Answer =
  /** How many sockets were asked. */
  | { readonly kind: "count"; readonly count: number }
  /** The acknowledgement of one socket, counted from 0. Older nodes do not count them. */
  | { readonly kind: "ack"; readonly number?: number }
  /**
   * Descriptions of sockets: one of so many parts, counted from 0, which may arrive in any order. Older nodes know `more`
   * alone: further parts follow.
   */
  | {
      readonly kind: "sockets";
      readonly more?: boolean;
      readonly part?: number;
      readonly parts?: number;
    }
  /** What a listener of a server event has answered. */
  | { readonly kind: "result" }
  /** This node does not know such a request, or has no such namespace: it has nothing to answer. */
  | { readonly kind: "unknown" };

/** Names a channel: what a feature of a namespace says to itself on other nodes. See `channels.ts`. */
export interface ChannelAddress {
  readonly nsp: string;
  readonly channel: string;
}

/** The headers of messages. `from` is the sender; `seq` numbers what it has published, from 1 on. */
export type Header =
  | Published<{ readonly kind: "hello" | "beat"; readonly codec: string; readonly version: number }>
  | Published<{ readonly kind: "bye" }>
  | Published<{ readonly kind: "do"; readonly nsp: string; readonly intent: GapIntent | Intent }>
  | Published<{
      readonly kind: "request";
      readonly nsp: string;
      readonly id: number;
      readonly request: SentRequest;
    }>
  /** Nothing was heard of the node for longer than between two heartbeats: it answers with `welcome`. */
  | Sent<{ readonly kind: "probe" }>
  | Sent<{
      readonly kind: "welcome";
      readonly codec: string;
      readonly version: number;
      /** The number of the last message that the sender has published. */
      readonly last: number;
    }>
  | Published<ChannelAddress & { readonly kind: "channel"; readonly message: object }>
  | Sent<ChannelAddress & { readonly kind: "channel to one"; readonly message: object }>
  /** About a session of a client; the server's (see `packages/server/src/forward`). */
  | Sent<{ readonly kind: "session"; readonly message: object }>
  | Sent<{ readonly kind: "answer"; readonly id: number; readonly answer: Answer }>;

/** The header of a message to every node. */
export type Numbered = Extract<Header, { readonly seq: number }>;

type Published<T> = T & { readonly from: NodeId; readonly seq: number };
type Sent<T> = T & { readonly from: NodeId };

/** The arguments of an event, or other values, not yet encoded, or decoded already. */
export class Values {
  readonly list: readonly unknown[];

  constructor(list: readonly unknown[]) {
    this.list = list;
  }
}

/** What a message carries beside its header: frames of an encoded packet, values, or nothing. */
export type Body = Encoded | Values | null;

/** A header with its body, as it arrives. */
export interface Message<H = Header> {
  readonly header: H;
  readonly body: Encoded | null;
}

/** The address of a broadcast as data. */
export function targetOf({ except, rooms }: BroadcastOptions): Target {
  const target: { rooms?: Room[]; except?: Room[] } = {};
  if (rooms.size > 0) target.rooms = [...rooms];
  if (except !== undefined && except.size > 0) target.except = [...except];
  return target;
}

/** The address of a broadcast out of data that another node has sent. */
export function optionsOf(target: Target, flags: SharedFlags = {}): BroadcastOptions {
  return { rooms: new Set(target.rooms), except: new Set(target.except), flags };
}

/** The intent of a broadcast, to be completed. Written out, because V8 of Node 20 makes a hidden class of each object that is spread. */
export function eventIntent(options: BroadcastOptions): {
  -readonly [K in keyof EventIntent]: EventIntent[K];
} {
  const flags = sharedFlags(options.flags);
  const target = targetOf(options);
  return flags === undefined ? { kind: "event", target } : { kind: "event", target, flags };
}

/** The modifiers that matter on other nodes, or nothing. */
export function sharedFlags(flags: BroadcastFlags | undefined): SharedFlags | undefined {
  const isVolatile = flags?.volatile === true;
  const isPlain = flags?.compress !== false;
  const latest = flags?.latest;
  if (!isVolatile && isPlain && latest === undefined) return undefined;
  return {
    ...(isVolatile && { volatile: true }),
    ...(!isPlain && { compress: false }),
    ...(latest !== undefined && { latest }),
  };
}
