// An event that is passed on as its sender wrote it. For adapters, listeners and logs it is a packet like any other: its data
// is decoded when it is read for the first time. Until then it has its frames already; who reads the data may change it, as
// adapters written for Socket.IO do, so that the packet is encoded like any other from then on.

import { restoreAttachments } from "./attachments.ts";
import type { Encoded } from "./codec.ts";
import { type Packet, PacketType } from "./packet.ts";
import type { EventHead } from "./undecoded.ts";

const SPACE = 0x20;
const QUOTE = 0x22;

/** The data of a packet, as an own property: adapters copy packets, and write them as JSON. */
const DATA: PropertyDescriptor & ThisType<PassedEvent> = {
  configurable: true,
  enumerable: true,
  get() {
    return this.read();
  },
  set(data: unknown) {
    this.replace(data);
  },
};

/** A received event, with its frames. */
export class PassedEvent implements Packet {
  type: PacketType = PacketType.EVENT;
  nsp: string;
  declare data: unknown;
  id: undefined = undefined;
  readonly #head: EventHead;
  readonly #text: string;
  readonly #attachments: readonly Uint8Array[];
  /** The last argument, when it was added here. */
  readonly #added: string | undefined;
  #data: unknown;
  /** Whether the data may be other than what the frames say. */
  #isRead = false;

  /** The text must be sound; `added` is the argument that was added to it. */
  constructor(
    head: EventHead,
    frames: { readonly text: string; readonly attachments: readonly Uint8Array[] },
    added?: string,
  ) {
    this.nsp = head.nsp;
    this.#head = head;
    this.#text = frames.text;
    this.#attachments = frames.attachments;
    this.#added = added;
    Object.defineProperty(this, "data", DATA);
  }

  /** The frames, unless something of the packet may have changed. */
  get frames(): Encoded | undefined {
    const isSame = this.nsp === this.#head.nsp && this.type === PacketType.EVENT;
    if (this.#isRead || !isSame || this.id !== undefined) return undefined;
    return this.#attachments.length === 0 ? this.#text : [this.#text, ...this.#attachments];
  }

  /** The packet with one more argument. */
  with(argument: string): PassedEvent {
    const text = `${this.#text.slice(0, this.#end)},${JSON.stringify(argument)}]`;
    return passed(this.#head, { text, attachments: this.#attachments }, argument);
  }

  /** The last argument when it was added, another text when it is one, else `undefined`. */
  get last(): string | undefined {
    if (this.#added !== undefined) return this.#added;
    let at = this.#end - 1;
    while (this.#text.charCodeAt(at) <= SPACE) at--;
    return this.#text.charCodeAt(at) === QUOTE ? "" : undefined;
  }

  /** Replaces the data. */
  replace(data: unknown): void {
    this.#data = data;
    this.#isRead = true;
  }

  /** Where the bracket is that closes the list of arguments. */
  get #end(): number {
    return this.#text.lastIndexOf("]");
  }

  /** Decodes the data, the first time. */
  read(): unknown {
    if (this.#isRead) return this.#data;
    this.#isRead = true;
    this.#data = JSON.parse(this.#text.slice(this.#head.from));
    // Without attachments, what looks like a placeholder is none.
    if (this.#attachments.length > 0) {
      // Copies: who reads may change them, and what was encoded before may not have been sent yet.
      const copies = this.#attachments.map((bytes) => new Uint8Array(bytes));
      this.#data = restoreAttachments(this.#data, copies);
    }
    return this.#data;
  }
}

/** The frames of an event whose data was not read; `undefined` for every other packet, which must be encoded. */
export function passedFrames(packet: Packet): Encoded | undefined {
  return packet instanceof PassedEvent ? packet.frames : undefined;
}

function unchanged(packet: Packet): PassedEvent | undefined {
  return packet instanceof PassedEvent && packet.frames !== undefined ? packet : undefined;
}

/** Whether a packet has a name and arguments. */
export function hasArguments(packet: Packet): boolean {
  return unchanged(packet) !== undefined || Array.isArray(packet.data);
}

/** Returns the event with one more argument; one that is passed on is not decoded. */
export function withArgument(packet: Packet, argument: string): Packet {
  const passed = unchanged(packet);
  if (passed !== undefined) return passed.with(argument);
  return { ...packet, data: [...(packet.data as readonly unknown[]), argument] };
}

/**
 * The last argument of an event if it is text. An event that is passed on is not decoded: its own last argument is
 * represented by an empty text.
 */
export function lastText(packet: Packet): string | undefined {
  const passed = unchanged(packet);
  if (passed !== undefined) return passed.last;
  const last = (packet.data as readonly unknown[]).at(-1);
  return typeof last === "string" ? last : undefined;
}

// A class that names itself inside gets another name in CommonJS.
function passed(...from: ConstructorParameters<typeof PassedEvent>): PassedEvent {
  return new PassedEvent(...from);
}
