// The packet of an event that arrives from another node, or from the log: as it was encoded there, or out of its arguments;
// with its offset at the end, where there is one.

import { type Encoded, type Packet, PacketType, withArgument } from "@sockeye/protocol";
import type { AdapterNamespace } from "../contract.ts";
import { type Body, type EventIntent, Values } from "./intents.ts";
import { decodeValues } from "./message.ts";
import { stamped } from "./offset-text.ts";

/** An event as it arrives. */
export interface ReceivedEvent {
  readonly intent: EventIntent;
  readonly body: Body;
  readonly offset: string | undefined;
}

/** The packet of an event. `codec` names the codec of this server. @throws Error when it was encoded by another one */
export function receivedPacket(
  nsp: AdapterNamespace,
  { body, intent, offset }: ReceivedEvent,
  codec: string,
): Packet {
  if (intent.codec === undefined || body === null || body instanceof Values) {
    const packet = { type: PacketType.EVENT, nsp: nsp.name, data: decodeValues(body) };
    return offset === undefined ? packet : withOffset(nsp, packet, offset);
  }
  if (intent.codec !== codec || nsp.decode === undefined) {
    throw new Error(`an event arrived in the form of another parser (${intent.codec})`);
  }
  if (offset === undefined) return new EncodedPacket(nsp, body, "");
  if (intent.mark === undefined && nsp.hidesOffsets === true) {
    return new EncodedPacket(nsp, body, offset);
  }
  const isShown = intent.mark !== undefined && nsp.hidesOffsets !== true;
  const complete = isShown ? stamped(body, intent.mark as string, offset) : null;
  if (complete !== null) return new EncodedPacket(nsp, complete, offset);
  // Of a server that has no recovery, or whose offsets have another length.
  const packet = nsp.decode(body);
  if (packet === undefined) throw new Error("an event arrived that cannot be decoded");
  if (packet.type !== PacketType.EVENT || packet.id !== undefined) return packet;
  const data = [...(packet.data as unknown[])];
  if (intent.mark !== undefined && data.at(-1) === intent.mark) data.pop();
  return withOffset(nsp, { ...packet, data }, offset);
}

/** A packet with its offset: as the last argument, or beside the data. */
function withOffset(nsp: AdapterNamespace, packet: Packet, offset: string): Packet {
  if (nsp.hidesOffsets === true) return Object.assign({ ...packet }, { offset });
  return withArgument(packet, offset);
}

/** A packet of another node: its data is decoded when code of the application wants to see it. */
export class EncodedPacket implements Packet {
  readonly type: PacketType = PacketType.EVENT;
  readonly nsp: string;
  readonly encoded: Encoded;
  /** Where there is one; else empty. */
  readonly offset: string;
  readonly #namespace: AdapterNamespace;
  #data: unknown[] | null = null;

  constructor(namespace: AdapterNamespace, encoded: Encoded, offset: string) {
    this.nsp = namespace.name;
    this.#namespace = namespace;
    this.encoded = encoded;
    this.offset = offset;
  }

  get data(): unknown {
    this.#data ??= (this.#namespace.decode?.(this.encoded)?.data as unknown[] | undefined) ?? [];
    return this.#data;
  }
}
