// Which messages of the log a client has missed, and as what packets.

import type { Encoded } from "@sockeye/protocol";
import type { EventIntent } from "../cluster/intents.ts";
import type { LogPoint } from "../cluster/log.ts";
import { offsetText, parseOffset } from "../cluster/offset-text.ts";
import { EncodedPacket, receivedPacket } from "../cluster/received-packet.ts";
import type { AdapterNamespace, Missed, MissedRange, Room } from "../contract.ts";
import type { LogNode } from "./log-node.ts";
import type { ReadMessage } from "./window.ts";

/** Searches the log for the packets of one namespace. */
export class MissedSearch {
  readonly #nsp: AdapterNamespace;
  readonly #codec: string;

  /** `codec` names the codec of this server. */
  constructor(nsp: AdapterNamespace, codec: string) {
    this.#nsp = nsp;
    this.#codec = codec;
  }

  /**
   * The packets for a member of `rooms` after a position; `null` when something may be missing. At once, where all is in
   * memory.
   */
  since(
    node: LogNode,
    after: LogPoint,
    { joined, rooms, until }: MissedRange & { readonly rooms: ReadonlySet<Room> },
  ): Promise<Missed | null> | Missed | null {
    const end = (until === undefined ? null : parseOffset(until)) ?? node.point;
    if (end === null || end.epoch !== after.epoch) return null;
    const { epoch, offset } = after;
    const member = { rooms, joined: numbersOf(joined, epoch) };
    const packets: Encoded[] = [];
    let last = offset;
    let isWhole = true;
    const look = (read: ReadMessage): void => {
      const { header } = read.message;
      if (header.kind !== "do" || header.nsp !== this.#nsp.name) return;
      if (header.intent.kind === "gap") isWhole = false;
      if (header.intent.kind !== "event" || header.intent.flags?.volatile === true) return;
      if (!isFor(header.intent, member, read.offset)) return;
      packets.push(this.#packet(header.intent, read, epoch));
      last = read.offset;
    };
    const found = (isThere: boolean): Missed | null =>
      isThere && isWhole ? { packets, last: offsetText({ epoch, offset: last }) } : null;
    const visited = node.visit(after, end.offset, look);
    return typeof visited === "boolean" ? found(visited) : visited.then(found);
  }

  #packet(intent: EventIntent, { message, offset }: ReadMessage, epoch: string): Encoded {
    const event = { intent, body: message.body, offset: offsetText({ epoch, offset }) };
    const packet = receivedPacket(this.#nsp, event, this.#codec);
    return packet instanceof EncodedPacket ? packet.encoded : this.#nsp.encode(packet);
  }
}

interface Member {
  readonly rooms: ReadonlySet<Room>;
  readonly joined: ReadonlyMap<Room, number>;
}

function numbersOf(joined: MissedRange["joined"], epoch: string): ReadonlyMap<Room, number> {
  const numbers = new Map<Room, number>();
  for (const [room, text] of joined ?? []) {
    const point = parseOffset(text);
    // The join position in another log is unknown: nothing of that room is replayed.
    numbers.set(room, point?.epoch === epoch ? point.offset : Infinity);
  }
  return numbers;
}

/** Whether an event was for a member. A room counts from the moment it was joined. */
function isFor({ target }: EventIntent, { joined, rooms }: Member, offset: number): boolean {
  const isIn = (room: Room): boolean => rooms.has(room) && (joined.get(room) ?? 0) < offset;
  if (target.except?.some(isIn) === true) return false;
  return target.rooms === undefined || target.rooms.length === 0 || target.rooms.some(isIn);
}
