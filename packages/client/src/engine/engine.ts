// A session over one or successive transports: choosing them, sending through them, moving to a better one.
// How to upgrade it knows only from what the platform brings.

import type { EnginePacketType } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import type { EnginePlatform } from "../platform.ts";
import { hintFor } from "../transports/failure-hint.ts";
import {
  type Binary,
  type OutgoingPacket,
  SILENT,
  type Transport,
  type TransportError,
  type WriteOptions,
} from "../transports/transport.ts";
import { startRace } from "./race.ts";
import { type Handshake, Session } from "./session.ts";
import { sessionUrl } from "./session-url.ts";
import type { Upgrade, UpgradeError } from "./upgrade.ts";

/** One session with a server, as `manager.engine` shows it. */
export class Engine extends Session {
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType: string;
  /** Packets that have not been handed to a transport, or are on their way. */
  writeBuffer: OutgoingPacket[] = [];
  /** The transport in use, or the last one. Not to be changed from outside. */
  transport: Transport | undefined;

  readonly #platform: EnginePlatform;
  /** What may still be tried, best first. */
  readonly #transports: TransportClass[];
  #upgrade: Upgrade | undefined;
  #stopRace: Cancel | undefined;
  /** Most bytes of one polling body; 0 for no limit. */
  #bodyLimit = 0;
  /** Packets at the head of the buffer that the transport is sending. */
  #inFlight = 0;
  #stopListening: Cancel | undefined;

  constructor(options: EngineOptions, platform: EnginePlatform) {
    super(platform.prepare ? platform.prepare(options) : options);
    this.binaryType = platform.binaryType;
    this.#platform = platform;
    this.#transports = platform.transportsFor(this.opts);
  }

  override open(): void {
    this.#stopListening = this.#platform.onUnload(({ persisted }) => {
      // Without a word; but a page that comes back from the back-forward cache finds the session over. Such a page
      // would otherwise keep its connection, and its user be there for the others. A server that is not being polled
      // at this moment does not see that a page is gone, unless it is told.
      const isUnseen = persisted || this.transport?.name === "polling";
      if (this.opts.closeOnBeforeunload || (isUnseen && this.isOpen())) {
        this.hangUp();
        this.deadline = 0;
      }
    });
    super.open();
  }

  protected dial(): void {
    const [first, second] = this.#transports;
    const leadMs = this.#platform.leadFor(this.opts);
    // With `rememberUpgrade` the better one may be the first already.
    if (second && leadMs && first?.prototype.name === "polling") this.#race(first, second, leadMs);
    else if (first) {
      this.#carryOver(this.#create(first));
      this.transport?.open();
    } else {
      queueMicrotask(() => this.fail(new Error("No transports available")));
    }
  }

  /** Nobody has asked for an order: the better transport sets off first, and the usual one soon after it. */
  #race(usual: TransportClass, better: TransportClass, leadMs: number): void {
    const first = this.#create(better);
    // What users see until the race is over.
    this.transport = first;
    const second = this.#create(usual);
    this.#stopRace = startRace({
      first,
      second,
      leadMs,
      wait: (ms, isOver) => after(this.opts, ms, isOver),
      onWon: (winner, frame) => {
        if (PUBLISHES) {
          tell(this.#platform.diagnostics, "raceWon", () => ({ transport: winner.name }));
        }
        this.#carryOver(winner);
        winner.sink.onFrame(frame);
      },
      onLost: (error) => {
        this.transport = second;
        // Both have been tried.
        this.#transports.length = 1;
        this.fail(error);
      },
    });
  }

  #create(Class: TransportClass): Transport {
    const { name } = Class.prototype;
    const { opts } = this;
    const options = { ...opts, ...opts.transportOptions?.[name] };
    return new Class({
      options,
      url: (scheme) => {
        const { id } = this;
        const more = this.#platform.parametersFor(options, scheme, id);
        return sessionUrl(options, scheme, { transport: name, ...(id && { sid: id }), ...more });
      },
      binaryType: () => this.binaryType,
    });
  }

  /** Hears from this transport from now on, and no more from the one before. */
  #carryOver(transport: Transport): void {
    if (this.transport) this.transport.sink = SILENT;
    this.transport = transport;
    transport.sink = {
      onOpen: () => {},
      onFrame: (frame) => this.#onFrame(frame),
      onDrain: () => this.#onDrain(),
      onClose: (details) => this.finish("transport close", details),
      onError: (error) => this.fail(error),
    };
  }

  #onFrame(frame: string | Binary): void {
    let plain = frame;
    try {
      if (typeof frame === "string" && frame[0] === "b") {
        plain = this.#platform.fromBase64(frame.slice(1), this.binaryType);
      }
    } catch {
      // Refused like any other frame that has no type.
      plain = "";
    }
    this.receive(plain);
  }

  /** Sends a message; the callback is called when it is handed to the transport. */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    if (onFlush) this.once("flush", onFlush);
    this.post({ type: "message", data, options: { compress: true, ...options } });
    return this;
  }

  /** The same as `send`. */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    return this.send(data, options, onFlush);
  }

  /** Sends what is waiting, finishes an upgrade that is under way, then closes. */
  close(): this {
    if (this.isOpen() && (this.writeBuffer.length > 0 || this.#isSwitching())) {
      this.readyState = "closing";
      // Attempts that have come to nothing yet are not waited for.
      if (!this.#isSwitching()) this.#upgrade?.stop();
    } else if (this.readyState !== "closing") this.finish("forced close");
    return this;
  }

  #isSwitching(): boolean {
    return this.#upgrade?.isSwitching() === true;
  }

  protected post(packet: OutgoingPacket): void {
    if (!this.isOpen() && this.readyState !== "opening") return;
    this.raise("packetCreate", packet);
    this.writeBuffer.push(packet);
    this.#flush();
  }

  #flush(): void {
    const { readyState, transport, writeBuffer } = this;
    if (readyState === "opening" || readyState === "closed" || this.#isSwitching()) return;
    if (!transport?.writable || this.#inFlight > 0 || writeBuffer.length === 0) return;
    this.#inFlight = transport.batch?.(writeBuffer, this.#bodyLimit) ?? writeBuffer.length;
    transport.send(writeBuffer.slice(0, this.#inFlight));
    this.raise("flush");
  }

  #onDrain(): void {
    this.writeBuffer.splice(0, this.#inFlight);
    this.#inFlight = 0;
    if (this.writeBuffer.length === 0) this.raise("drain");
    this.#goOn();
  }

  /** Something that sending or closing may have waited for is over. */
  #goOn(): void {
    if (this.writeBuffer.length > 0) this.#flush();
    else if (this.readyState === "closing" && !this.#isSwitching()) this.finish("forced close");
  }

  protected override handle(type: EnginePacketType | undefined, data: string | Binary): void {
    if (type) {
      this.raise("packet", { type, data: data || undefined });
      this.raise("heartbeat");
    }
    super.handle(type, data);
    if (type === "ping") this.raise("pong");
    if (type === "message") this.raise("message", data);
  }

  protected override greet(handshake: Handshake): void {
    const { remember, startUpgrade } = this.#platform;
    const current = this.transport as Transport;
    this.#bodyLimit = handshake.maxPayload;
    remember(this.opts, current.name);
    if (PUBLISHES) {
      const opened = { transport: current.name, sid: handshake.sid };
      tell(this.#platform.diagnostics, "sessionOpened", () => opened);
    }
    this.raise("handshake", handshake);
    // Listeners may have closed it; then it never was open.
    if (this.readyState === "closed") return;
    super.greet(handshake);
    this.#flush();
    if (!this.isOpen() || this.opts.upgrade === false) return;
    this.#upgrade = startUpgrade({
      current,
      candidates: this.#transports
        .filter((Class) => handshake.upgrades.includes(Class.prototype.name))
        .map((Class) => this.#create(Class)),
      timers: this.opts,
      raise: (event, what) => {
        if (PUBLISHES && event === "upgradeError") {
          const error = what as UpgradeError;
          const failed = { transport: error.transport, error };
          tell(this.#platform.diagnostics, "upgradeFailed", () => failed);
        }
        return this.raise(event, what);
      },
      onSettled: (carrier) => this.#onSettled(carrier),
    });
  }

  #onSettled(carrier: Transport): void {
    if (this.readyState === "closed") return;
    if (carrier === this.transport) carrier.resume?.();
    else {
      if (PUBLISHES) {
        const moved = { from: this.transport?.name, to: carrier.name };
        tell(this.#platform.diagnostics, "upgradeCompleted", () => moved);
      }
      this.#carryOver(carrier);
      this.#platform.remember(this.opts, carrier.name);
      this.raise("upgrade", carrier);
    }
    this.#goOn();
  }

  protected override fail(error: Error): void {
    if (PUBLISHES && this.readyState !== "closed") {
      const failed = { transport: this.transport?.name, error };
      tell(this.#platform.diagnostics, "transportFailed", () => failed);
    }
    this.#platform.remember(this.opts);
    const isFirst = this.readyState === "opening";
    if (isFirst && this.opts.tryAllTransports && this.#transports.length > 1) {
      this.#transports.shift();
      this.dial();
    } else super.fail(this.#explained(error));
  }

  #explained(error: Error): Error {
    const { name } = this.transport ?? {};
    const failure = error as Partial<TransportError>;
    if (!name || failure.type !== "TransportError") return error;
    return Object.assign(error, { transport: name, hint: hintFor(name, failure) });
  }

  protected override finish(...[reason, details]: Parameters<Session["finish"]>): void {
    if (this.readyState === "closed") return;
    this.#stopListening?.();
    super.finish(reason, details);
    // Readable in the listeners until now, as users of Socket.IO expect.
    this.writeBuffer = [];
    this.#inFlight = 0;
  }

  protected hangUp(cause?: string): void {
    this.#stopRace?.();
    this.#upgrade?.stop(cause);
    const { transport } = this;
    if (!transport) return;
    transport.sink = SILENT;
    transport.close();
  }
}
