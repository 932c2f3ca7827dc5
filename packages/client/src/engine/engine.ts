// One Engine.IO session over one or successive transports: handshake, heartbeat, sending, upgrade, close.
// Knows nothing of namespaces and of reconnecting. `#enter` is the only writer of the state.

import { decodeEnginePacket, type EnginePacket, type Frame } from "@sockeye/protocol";
import { type Cancel, type Clock, systemClock } from "../clock.ts";
import type { EngineOptions } from "../options.ts";
import type { Platform } from "../platform.ts";
import { SafeEmitter } from "../safe-emitter.ts";
import {
  type Binary,
  type CloseDetails,
  type OutgoingPacket,
  SILENT,
  type Transport,
  type TransportClass,
  type TransportSink,
  type WriteOptions,
} from "../transports/transport.ts";
import { batchLength } from "./batch.ts";
import { type EngineState, type ReadyState, readyStateOf } from "./engine-state.ts";
import { Heartbeat } from "./heartbeat.ts";
import { sessionUrl } from "./session-url.ts";
import { chooseTransports, isNamed } from "./transport-choice.ts";
import type { StopProbe } from "./upgrade.ts";

/** Who is told first what happens to a session, before the listeners of users. */
export interface EngineHandler {
  open?(): void;
  data?(data: string | Binary): void;
  ping?(): void;
  error?(error: Error): void;
  close?(reason: string, details?: CloseDetails | Error): void;
}

interface Handshake {
  readonly sid: string;
  readonly upgrades: readonly string[];
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly maxPayload: number;
}

/** One session with a server, as `manager.engine` shows it. */
export class Engine extends SafeEmitter {
  /** Id of the session, a secret between client and server; `undefined` before the handshake and after the end. */
  id: string | undefined;
  /** How binary messages arrive: `"arraybuffer"`, `"blob"` or, in Node, `"nodebuffer"`. */
  binaryType: string;
  /** Packets that have not been handed to a transport, or are on their way. */
  writeBuffer: OutgoingPacket[] = [];
  /** Told first; replaced by whoever lets the session go. */
  handler: EngineHandler = {};
  readonly opts: EngineOptions;

  #state: EngineState = { kind: "closed", transport: undefined };
  readonly #platform: Platform;
  readonly #clock: Clock;
  /** What may still be tried, best first. */
  #transports: TransportClass[];
  #session: Handshake | undefined;
  /** Packets at the head of the buffer that the transport is sending. */
  #inFlight = 0;
  readonly #heartbeat: Heartbeat;
  #stopListening: readonly Cancel[] = [];

  constructor(options: EngineOptions, platform: Platform) {
    super();
    const complete = platform.prepare ? platform.prepare(options) : options;
    this.opts = complete;
    this.binaryType = platform.binaryType;
    this.#platform = platform;
    this.#clock = systemClock(complete);
    this.#heartbeat = new Heartbeat(this.#clock);
    this.#transports = chooseTransports(complete, platform);
  }

  get readyState(): ReadyState {
    return readyStateOf(this.#state);
  }

  /** The transport in use, or the last one. */
  get transport(): Transport | undefined {
    return this.#state.transport;
  }

  /** Begins the session. Called once. */
  open(): void {
    const { opts } = this;
    const { memory, listen } = this.#platform;
    const [first] = this.#transports;
    if (!first) {
      this.#clock.after(0, () => this.#tell("error", new Error("No transports available")));
      return;
    }
    const remembered =
      opts.rememberUpgrade && memory.upgraded && this.#transports.find(isNamed("websocket"));
    const listening: Cancel[] = [];
    if (opts.closeOnBeforeunload) listening.push(listen("beforeunload", () => this.#end()));
    if (opts.hostname !== "localhost") {
      const lost = { description: "network connection lost" };
      listening.push(listen("offline", () => this.#finish("transport close", lost)));
    }
    this.#stopListening = listening;
    this.#start(remembered || first);
  }

  #start(Class: TransportClass): void {
    const transport = this.#create(Class);
    transport.sink = this.#sink();
    this.#enter({ kind: "opening", transport });
    transport.open();
  }

  #create(Class: TransportClass): Transport {
    const { name } = Class.prototype;
    const options = { ...this.opts, ...this.opts.transportOptions?.[name] };
    return new Class({
      options,
      url: (scheme) => sessionUrl(options, { scheme, transport: name, sid: this.id }),
      binaryType: () => this.binaryType,
    });
  }

  #sink(): TransportSink {
    return {
      onOpen: () => {},
      onFrame: (frame) => this.#onFrame(frame),
      onDrain: () => this.#onDrain(),
      onClose: (details) => this.#finish("transport close", details),
      onError: (error) => this.#fail(error),
    };
  }

  /** Sends a message; the callback is called when it is handed to the transport. */
  send(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    if (onFlush) this.once("flush", onFlush);
    this.#write({ type: "message", data, options: { compress: true, ...options } });
    return this;
  }

  /** The same as `send`. */
  write(data: string | Binary, options?: WriteOptions, onFlush?: () => void): this {
    return this.send(data, options, onFlush);
  }

  /** Sends what is waiting, finishes an upgrade that is under way, then closes. */
  close(): this {
    const state = this.#state;
    if (state.kind === "upgrading") this.#enter({ ...state, next: "close" });
    else if (state.kind === "open" && this.writeBuffer.length > 0) {
      stopProbes(state);
      this.#enter({ kind: "closing", transport: state.transport });
    } else if (state.kind !== "closing") this.#finish("forced close");
    return this;
  }

  /**
   * Whether the server has been silent for too long by the wall clock, although no timer has said so yet:
   * timers stand still in throttled tabs and sleeping laptops. If so, the session ends in the next microtask.
   */
  hasPingExpired(): boolean {
    const isExpired = this.#heartbeat.hasExpired();
    if (isExpired) queueMicrotask(() => this.#finish("ping timeout"));
    return isExpired;
  }

  #enter(next: EngineState): void {
    this.#state = next;
  }

  #tell(event: string, ...args: readonly unknown[]): void {
    (this.handler as Record<string, ((...args: readonly unknown[]) => void) | undefined>)[event]?.(
      ...args,
    );
    this.raise(event, ...args);
  }

  #write(packet: OutgoingPacket): void {
    if (this.#state.kind === "closing" || this.#state.kind === "closed") return;
    this.raise("packetCreate", packet);
    this.writeBuffer.push(packet);
    this.#flush();
  }

  #flush(): void {
    const { kind, transport } = this.#state;
    if (kind !== "open" && kind !== "closing") return;
    if (!transport.writable || this.#inFlight > 0 || this.writeBuffer.length === 0) return;
    const limit = transport.name === "polling" && this.#session?.maxPayload;
    this.#inFlight = limit ? batchLength(this.writeBuffer, limit) : this.writeBuffer.length;
    transport.send(this.writeBuffer.slice(0, this.#inFlight));
    this.raise("flush");
  }

  #onDrain(): void {
    this.writeBuffer.splice(0, this.#inFlight);
    this.#inFlight = 0;
    if (this.writeBuffer.length > 0) this.#flush();
    else if (this.#state.kind === "closing") this.#finish("forced close");
    else this.raise("drain");
  }

  #onFrame(frame: string | Binary): void {
    let packet: EnginePacket;
    try {
      packet = decodeEnginePacket(frame as Frame);
    } catch (error) {
      this.#failWith(error);
      return;
    }
    const { type } = packet;
    let data: string | Binary | undefined = packet.data;
    if (typeof frame === "string" && data instanceof Uint8Array) {
      data = this.#platform.toBinary(data as Uint8Array<ArrayBuffer>, this.binaryType);
    }
    this.raise("packet", { type, data });
    this.raise("heartbeat");
    switch (type) {
      case "open":
        if (this.#state.kind === "opening") this.#onHandshake(data as string);
        break;
      case "ping":
        this.#write({ type: "pong" });
        this.#tell("ping");
        this.raise("pong");
        this.#watch();
        break;
      case "message":
        this.#tell("data", data ?? "");
        this.raise("message", data ?? "");
        break;
      case "close":
        this.#finish("transport close", { description: "transport closed by the server" });
        break;
      default:
      // A noop only ends a poll; the other types have no meaning for a client.
    }
  }

  #onHandshake(text: string): void {
    let session: Handshake;
    try {
      session = JSON.parse(text) as Handshake;
      if (!session.sid || !(session.pingInterval + session.pingTimeout > 0)) {
        throw new Error("invalid handshake");
      }
    } catch (error) {
      this.#failWith(error);
      return;
    }
    const { transport } = this.#state as { transport: Transport };
    this.#session = session;
    this.id = session.sid;
    this.raise("handshake", session);
    this.#enter({ kind: "open", transport, probes: new Map() });
    this.#platform.memory.upgraded = transport.name === "websocket";
    this.#watch();
    this.#tell("open");
    this.#flush();
    if (this.#state.kind === "open" && this.opts.upgrade !== false)
      this.#startProbes(session.upgrades);
  }

  #watch(): void {
    const { pingInterval, pingTimeout } = this.#session as Handshake;
    this.#heartbeat.expect(pingInterval + pingTimeout, () => this.#finish("ping timeout"));
  }

  #startProbes(upgrades: readonly string[]): void {
    const { transport } = this.#state as { transport: Transport };
    const probes = new Map<Transport, StopProbe>();
    this.#enter({ kind: "open", transport, probes });
    for (const Class of this.#transports) {
      if (!this.#platform.probe || !upgrades.includes(Class.prototype.name)) continue;
      const candidate = this.#create(Class);
      const stop = this.#platform.probe(candidate, {
        onReady: () => this.#upgradeTo(candidate),
        onFailed: (error) => {
          probes.delete(candidate);
          const state = this.#state;
          this.raise("upgradeError", error);
          if (state.kind === "upgrading" && state.candidate === candidate) this.#stayOn(state);
        },
      });
      probes.set(candidate, stop);
    }
  }

  /** The server has answered on the candidate: polling falls silent, then the candidate takes over. */
  #upgradeTo(candidate: Transport): void {
    const before = this.#state;
    if (before.kind !== "open") return;
    const { transport } = before;
    this.#enter({ kind: "upgrading", transport, candidate, next: "go on" });
    stopProbes(before, undefined, candidate);
    this.raise("upgrading", candidate);
    const takeOver = (): void => {
      const state = this.#state;
      if (state.kind !== "upgrading" || state.candidate !== candidate) return;
      transport.sink = SILENT;
      candidate.sink = this.#sink();
      candidate.send([{ type: "upgrade" }]);
      this.#platform.memory.upgraded = candidate.name === "websocket";
      this.#enter({ kind: "open", transport: candidate, probes: new Map() });
      this.raise("upgrade", candidate);
      if (state.next === "close") this.close();
      else this.#flush();
    };
    if (transport.pause) transport.pause(takeOver);
    else takeOver();
  }

  /** The candidate was lost while polling fell silent: polling goes on. */
  #stayOn({ transport, next }: EngineState & { kind: "upgrading" }): void {
    this.#enter({ kind: "open", transport, probes: new Map() });
    transport.resume?.();
    if (next === "close") this.close();
    else this.#flush();
  }

  /** The server sent what no server sends. */
  #failWith(cause: unknown): void {
    this.#fail(Object.assign(new Error("server error"), { code: (cause as Error).message }));
  }

  #fail(error: Error): void {
    const { kind, transport } = this.#state;
    this.#platform.memory.upgraded = false;
    if (kind === "opening" && this.opts.tryAllTransports && this.#transports.length > 1) {
      transport.sink = SILENT;
      this.#transports = this.#transports.filter(
        (Class) => Class.prototype.name !== transport.name,
      );
      this.#start(this.#transports[0] as TransportClass);
      return;
    }
    if (kind === "closed") return;
    this.#tell("error", error);
    this.#finish("transport error", error as Error & CloseDetails);
  }

  /** The one way out: everything is let go first, then the end is told. */
  #finish(reason: string, details?: CloseDetails | Error): void {
    if (this.#state.kind === "closed") return;
    this.#end();
    this.#tell("close", reason, details);
    // Readable in the listeners above, as users of Socket.IO expect.
    this.writeBuffer = [];
    this.#inFlight = 0;
  }

  #end(): void {
    const state = this.#state;
    if (state.kind === "closed") return;
    this.#enter({ kind: "closed", transport: state.transport });
    this.#heartbeat.stop();
    for (const stop of this.#stopListening) stop();
    state.transport.sink = SILENT;
    state.transport.close();
    stopProbes(state, "socket closed");
    if (state.kind === "upgrading") {
      state.candidate.sink = SILENT;
      state.candidate.close();
    }
    this.id = undefined;
  }
}

function stopProbes(state: EngineState, cause?: string, except?: Transport): void {
  if (state.kind !== "open") return;
  for (const [candidate, stop] of state.probes) if (candidate !== except) stop(cause);
}
