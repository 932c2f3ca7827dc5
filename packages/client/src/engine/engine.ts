// One Engine.IO session over one or successive transports: handshake, heartbeat, sending, upgrade, close.
// Knows nothing of namespaces and of reconnecting. `#enter` is the only writer of the state.

import { decodeEnginePacket, type EnginePacket, type Frame } from "@sockeye/protocol";
import { type Cancel, systemClock } from "../clock.ts";
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
    this.#heartbeat = new Heartbeat(systemClock(complete));
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
      queueMicrotask(() => this.#tell("error", new Error("No transports available")));
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
      for (const stop of state.probes) stop();
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
    let session: Handshake | undefined;
    try {
      packet = decodeEnginePacket(frame as Frame);
      if (packet.type === "open") session = readHandshake(packet.data as string);
    } catch (error) {
      // The server sent what no server sends.
      this.#fail(Object.assign(new Error("server error"), { code: (error as Error).message }));
      return;
    }
    const { type } = packet;
    let data: string | Binary | undefined = packet.data;
    if (typeof frame === "string" && data instanceof Uint8Array) {
      data = this.#platform.toBinary(data as Uint8Array<ArrayBuffer>, this.binaryType);
    }
    this.raise("packet", { type, data });
    this.raise("heartbeat");
    if (session && this.#state.kind === "opening") this.#onHandshake(session);
    else if (type === "ping") {
      this.#write({ type: "pong" });
      this.#tell("ping");
      this.raise("pong");
      this.#watch();
    } else if (type === "message") {
      this.#tell("data", data ?? "");
      this.raise("message", data ?? "");
    } else if (type === "close") {
      this.#finish("transport close", { description: "transport closed by the server" });
    }
    // A noop only ends a poll; the other types have no meaning for a client.
  }

  #onHandshake(session: Handshake): void {
    const { transport } = this.#state as { transport: Transport };
    this.#session = session;
    this.id = session.sid;
    this.#settle(transport);
    this.raise("handshake", session);
    // Listeners may have closed it; then it never was open.
    if (this.#state.kind !== "open") return;
    this.#watch();
    this.#tell("open");
    this.#flush();
    if (this.opts.upgrade !== false) this.#startProbes(session.upgrades);
  }

  /** Packets flow over `transport` from now on. */
  #settle(transport: Transport): void {
    this.#platform.memory.upgraded = transport.name === "websocket";
    this.#enter({ kind: "open", transport, probes: [] });
  }

  #watch(): void {
    const { pingInterval, pingTimeout } = this.#session as Handshake;
    this.#heartbeat.expect(pingInterval + pingTimeout, () => this.#finish("ping timeout"));
  }

  #startProbes(upgrades: readonly string[]): void {
    const { probe } = this.#platform;
    const state = this.#state;
    if (!probe || state.kind !== "open") return;
    for (const Class of this.#transports) {
      if (!upgrades.includes(Class.prototype.name)) continue;
      const candidate = this.#create(Class);
      const stop = probe(candidate, {
        onReady: () => this.#upgradeTo(candidate, stop),
        onFailed: (error) => {
          this.raise("upgradeError", error);
          const now = this.#state;
          if (now.kind === "upgrading" && now.candidate === candidate)
            this.#endSwitch(now.transport);
        },
      });
      state.probes.push(stop);
    }
  }

  /** The server has answered on the candidate: polling falls silent, then the candidate takes over. */
  #upgradeTo(candidate: Transport, ownStop: StopProbe): void {
    const { kind, transport, probes } = this.#state as EngineState & { kind: "open" };
    if (kind !== "open") return;
    this.#enter({ kind: "upgrading", transport, candidate, next: "go on" });
    for (const stop of probes) if (stop !== ownStop) stop();
    this.raise("upgrading", candidate);
    const takeOver = (): void => {
      const state = this.#state;
      if (state.kind !== "upgrading" || state.candidate !== candidate) return;
      transport.sink = SILENT;
      candidate.sink = this.#sink();
      candidate.send([{ type: "upgrade" }]);
      this.#endSwitch(candidate);
    };
    if (transport.pause) transport.pause(takeOver);
    else takeOver();
  }

  /** The switch is over: to the candidate, or back to a transport that goes on. */
  #endSwitch(transport: Transport): void {
    const { next, candidate } = this.#state as EngineState & { kind: "upgrading" };
    this.#settle(transport);
    if (transport === candidate) this.raise("upgrade", candidate);
    else transport.resume?.();
    if (next === "close") this.close();
    else this.#flush();
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
    drop(state.transport);
    if (state.kind === "upgrading") drop(state.candidate);
    if (state.kind === "open") for (const stop of state.probes) stop("socket closed");
    this.id = undefined;
  }
}

function drop(transport: Transport): void {
  transport.sink = SILENT;
  transport.close();
}

/** @throws Error when the text is no handshake */
function readHandshake(text: string): Handshake {
  const session = JSON.parse(text) as Handshake;
  if (session.sid && session.pingInterval + session.pingTimeout > 0) return session;
  throw new Error("invalid handshake");
}
