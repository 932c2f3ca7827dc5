// The events of one client that the server passes on as they came: neither decoded nor encoded again. Only where nothing else
// sees the event on its way; otherwise it is decoded, and the listener of the relay emits it. Knows no rooms.

import type { Listener } from "@sockeye/events";
import {
  type EventHead,
  type Frame,
  type Packet,
  PassedEvent,
  type UndecodedEvents,
} from "@sockeye/protocol";
import type { Services } from "../base/services.ts";
import { incomingOf, listenersOf, ownHooks, type SocketFace } from "./socket-face.ts";

/** The part of a member that relays use. */
export interface RelayingMember {
  readonly nspName: string;
  readonly face: SocketFace;
  readonly isConnected: boolean;
  /** Whether middleware runs before the listeners of its events. */
  readonly hasMiddleware: boolean;
  readonly home: { readonly services: Services };
}

/** An event that is passed on. */
export interface Relay {
  readonly member: RelayingMember;
  readonly event: string;
  /** Passes on an event that was decoded. */
  readonly listener: Listener;
  /** Passes on an event that was not; `null` when it must be decoded always. */
  readonly pass: ((packet: Packet) => void) | null;
}

/** An event whose attachments have not all come. */
interface Unfinished {
  readonly relay: Relay;
  readonly head: EventHead;
  readonly text: string;
  readonly attachments: Uint8Array[];
}

/** Whether nothing but the relay would see an event. Asked for each event: all of it can change at any time. */
function isDirect({ event, listener, member, pass }: Relay): boolean {
  if (pass === null || !member.isConnected || member.hasMiddleware) return false;
  if (member.home.services.diagnostics.packetReceived.active) return false;
  const { face } = member;
  if (face._onpacket !== ownHooks._onpacket || face.onevent !== ownHooks.onevent) return false;
  if (face.dispatch !== ownHooks.dispatch || incomingOf(face)?.isEmpty() === false) return false;
  // An only listener is stored without a list.
  return listenersOf(face).snapshot(event) === listener;
}

function send({ event, member, pass }: Relay, packet: Packet): void {
  const { face, home } = member;
  if (pass !== null)
    home.services.userCode.call(pass, [packet], { target: face, socket: face, event });
}

/** The relays of one client, in all its namespaces. */
export class Relays {
  readonly #events: UndecodedEvents | undefined;
  readonly #decode: (frame: Frame) => void;
  readonly #byNamespace = new Map<string, Map<string, Relay>>();
  #unfinished: Unfinished | null = null;

  /** `decode` takes the frames that are not passed on. */
  constructor(events: UndecodedEvents | undefined, decode: (frame: Frame) => void) {
    this.#events = events;
    this.#decode = decode;
  }

  /** Returns the relay of an event. */
  of({ nspName }: RelayingMember, event: string): Relay | undefined {
    return this.#byNamespace.get(nspName)?.get(event);
  }

  /** Adds a relay. Those of a socket that was in the namespace before are forgotten. */
  set(relay: Relay): void {
    const { event, member } = relay;
    let relays = this.#byNamespace.get(member.nspName);
    const [first] = relays?.values() ?? [];
    if (relays === undefined || first?.member !== member) {
      relays = new Map();
      this.#byNamespace.set(member.nspName, relays);
    }
    relays.set(event, relay);
  }

  delete({ event, member }: Relay): void {
    this.#byNamespace.get(member.nspName)?.delete(event);
  }

  /** Passes on a frame, or keeps it until its packet is complete. Returns `false` when it must be decoded. */
  take(frame: Frame): boolean {
    if (this.#unfinished !== null) {
      this.#continue(this.#unfinished, frame);
      return true;
    }
    const head = this.#events?.headOf(frame) ?? null;
    if (head === null) return false;
    const relay = this.#byNamespace.get(head.nsp)?.get(head.event);
    if (relay === undefined || !isDirect(relay)) return false;
    const text = frame as string;
    if (this.#events?.isSound(text, head) !== true) return false;
    if (head.attachments > 0) this.#unfinished = { relay, head, text, attachments: [] };
    else send(relay, new PassedEvent(head, { text, attachments: [] }));
    return true;
  }

  /** Whether attachments of an event are missing. */
  get isBusy(): boolean {
    return this.#unfinished !== null;
  }

  /** The frames of an event that is not complete. */
  get partial(): readonly Frame[] {
    return this.#unfinished === null
      ? []
      : [this.#unfinished.text, ...this.#unfinished.attachments];
  }

  /** Forgets an event that is not complete. */
  reset(): void {
    this.#unfinished = null;
  }

  #continue(unfinished: Unfinished, frame: Frame): void {
    const { attachments, head, relay } = unfinished;
    if (typeof frame === "string") {
      // The decoder finds the fault.
      this.#leave(unfinished);
      this.#decode(frame);
      return;
    }
    attachments.push(frame);
    if (attachments.length < head.attachments) return;
    // Middleware, say, may have been added meanwhile.
    if (!isDirect(relay)) this.#leave(unfinished);
    else {
      this.#unfinished = null;
      send(relay, new PassedEvent(head, unfinished));
    }
  }

  /** The frames go to the decoder after all. */
  #leave({ attachments, text }: Unfinished): void {
    this.#unfinished = null;
    this.#decode(text);
    for (const attachment of attachments) this.#decode(attachment);
  }
}
