// Sends to the sockets of a cluster without being one of its servers: from a job, a script, another service. It hears
// nothing, so it cannot ask.

import type { Room } from "../contract.ts";
import { clusterError } from "./errors.ts";
import { type Intent, type Numbered, type SharedFlags, type Target, Values } from "./intents.ts";
import { encodeMessage } from "./message.ts";

/** What an emitter sends: intents, in its own order. */
export interface EmitterLink {
  publish(nsp: string, intent: Intent, args: readonly unknown[] | null): Promise<void>;
}

/** Sends intents in the form of our servers, over the publishing half of a bus. */
export function emitterLink(
  name: string,
  publish: (message: Uint8Array) => Promise<unknown>,
): EmitterLink {
  let seq = 0;
  return {
    async publish(nsp, intent, args) {
      const body = args === null ? null : new Values(args);
      const header: Numbered = { kind: "do", from: name, seq: seq + 1, nsp, intent };
      const message = encodeMessage(header, body);
      seq += 1;
      await publish(message);
    },
  };
}

interface Address {
  readonly nsp: string;
  readonly target: Target;
  readonly flags: SharedFlags;
}

const EVERYONE: Address = { nsp: "/", target: {}, flags: {} };

/**
 * Builds and sends broadcasts. Immutable: every modifier returns a new operator. Methods that send return a promise, which is
 * rejected when the broker has not taken the message.
 * @example await emitter.of("/admin").to("room").emit("hello", 1);
 */
export class EmitterOperator {
  readonly #link: EmitterLink;
  readonly #address: Address;

  constructor(link: EmitterLink, address: Address = EVERYONE) {
    this.#link = link;
    this.#address = address;
  }

  /** Targets another namespace. @example emitter.of("/admin").emit("hello") */
  of(nsp: string): EmitterOperator {
    const name = nsp.startsWith("/") ? nsp : `/${nsp}`;
    return new EmitterOperator(this.#link, { ...EVERYONE, nsp: name });
  }

  /** Targets clients that joined any of the given rooms, besides those targeted already. @example emitter.to("r").emit("x") */
  to(room: Room | Room[]): EmitterOperator {
    const rooms = [...new Set([...(this.#address.target.rooms ?? []), ...listOf(room)])];
    return this.#with({ target: { ...this.#address.target, rooms } });
  }

  /** The same as `to`. @example emitter.in("room").emit("x") */
  in(room: Room | Room[]): EmitterOperator {
    return this.to(room);
  }

  /** Excludes clients that joined any of the given rooms. @example emitter.except("room").emit("x") */
  except(room: Room | Room[]): EmitterOperator {
    const except = [...new Set([...(this.#address.target.except ?? []), ...listOf(room)])];
    return this.#with({ target: { ...this.#address.target, except } });
  }

  /** Drops the event for clients to which it cannot be sent immediately. @example emitter.volatile.emit("x") */
  get volatile(): EmitterOperator {
    return this.#with({ flags: { ...this.#address.flags, volatile: true } });
  }

  /** Whether the event may be compressed. Default `true`. @example emitter.compress(false).emit("x") */
  compress(compress: boolean): EmitterOperator {
    return this.#with({ flags: { ...this.#address.flags, compress } });
  }

  /** Sends an event. @throws Error `ERR_EMITTER_ACK` when the last argument is a function @example emitter.emit("x", 1) */
  emit(event: string, ...args: unknown[]): Promise<void> {
    refuseCallback(args);
    const { flags, nsp, target } = this.#address;
    return this.#link.publish(nsp, { kind: "event", target, flags }, [event, ...args]);
  }

  /** Makes the targeted clients join rooms. @example emitter.in("a").socketsJoin("b") */
  socketsJoin(room: Room | Room[]): Promise<void> {
    return this.#change("join", room);
  }

  /** Makes the targeted clients leave rooms. @example emitter.in("a").socketsLeave("a") */
  socketsLeave(room: Room | Room[]): Promise<void> {
    return this.#change("leave", room);
  }

  /** Disconnects the targeted clients; with `close`, closes their connections. @example emitter.disconnectSockets() */
  disconnectSockets(close = false): Promise<void> {
    const { nsp, target } = this.#address;
    return this.#link.publish(nsp, { kind: "disconnect", target, close }, null);
  }

  /** Sends an event to the servers. @throws Error `ERR_EMITTER_ACK` for a callback @example emitter.serverSideEmit("reload") */
  serverSideEmit(event: string, ...args: unknown[]): Promise<void> {
    refuseCallback(args);
    return this.#link.publish(this.#address.nsp, { kind: "server event" }, [event, ...args]);
  }

  #change(kind: "join" | "leave", room: Room | Room[]): Promise<void> {
    const { nsp, target } = this.#address;
    return this.#link.publish(nsp, { kind, target, change: listOf(room) }, null);
  }

  #with(change: Partial<Address>): EmitterOperator {
    return new EmitterOperator(this.#link, { ...this.#address, ...change });
  }
}

function listOf(room: Room | Room[]): Room[] {
  return Array.isArray(room) ? room : [room];
}

function refuseCallback(args: readonly unknown[]): void {
  if (typeof args.at(-1) === "function") throw clusterError("ERR_EMITTER_ACK");
}
