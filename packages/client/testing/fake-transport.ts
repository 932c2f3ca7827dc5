// Transports without a network, for tests of the engine and the manager: the test plays the server.

import { compactJsonCodec, fromBase64 } from "@sockeye/protocol";
import { RacingEngine, type RacingPlatform } from "../src/engine/racing-engine.ts";
import { createMemory } from "../src/engine/transport-memory.ts";
import { batchLength } from "../src/fallback/batch.ts";
import { createReserve } from "../src/fallback/reserve.ts";
import { checked, chosenCodec } from "../src/option-check.ts";
import type { EngineOptions, TransportClass, TransportSetup } from "../src/options.ts";
import { withQueues } from "../src/outbox/queues.ts";
import type { PageEvent } from "../src/page-event.ts";
import type { Platform } from "../src/platform.ts";
import { RetryingSocket } from "../src/retrying-socket.ts";
import type { OutgoingPacket, Transport, TransportSink } from "../src/transports/transport.ts";
import { parseAddress } from "../src/url.ts";

/** A transport whose other end is the test. */
export interface FakeTransport extends Transport {
  writable: boolean;
  readonly setup: TransportSetup;
  /** Everything that was sent, as text: type and data. */
  readonly sent: string[];
  /** What happened to it, in order. */
  readonly calls: string[];
  /** The server's frame arrives. */
  receive(frame: string): void;
  /** What was sent is on its way. */
  drain(): void;
}

/** A platform whose transports are fakes. */
export interface FakePlatform extends Platform, RacingPlatform {
  createSession(options: EngineOptions): RacingEngine;
  readonly known: readonly TransportClass[];
  /** Every transport made, oldest first. */
  readonly made: FakeTransport[];
  /** Who listens to the page. */
  readonly listeners: ReadonlySet<(event: PageEvent) => void>;
  /** Raises an event of the page. */
  fire(type: string, more?: Partial<PageEvent>): void;
}

/** The handshake that fakes answer with. */
export function handshake(more: object = {}): string {
  const session = { sid: "S", upgrades: [], pingInterval: 1000, pingTimeout: 500, maxPayload: 100 };
  return `0${JSON.stringify({ ...session, ...more })}`;
}

/** A platform that has polling and WebSocket, of which WebSocket sets off first, as in a client. */
export function racingPlatform(expectedMs?: number): FakePlatform {
  const platform = fakePlatform("polling", "websocket");
  return Object.assign(platform, {
    expectedMs: () => expectedMs,
    createSession: (options: EngineOptions) => new RacingEngine(options, platform),
  });
}

/** A platform that has transports of these names, tried in order. */
export function fakePlatform(...names: string[]): FakePlatform {
  const made: FakeTransport[] = [];
  const listeners = new Set<(event: PageEvent) => void>();
  const unloadListeners = new Set<(event: PageEvent) => void>();
  const known = names.map((name) => fakeClass(name, made));
  const platform: FakePlatform = {
    known,
    made,
    listeners,
    memory: createMemory(),
    webSocket: (known.find(({ prototype }) => prototype.name === "websocket") ??
      known[0]) as TransportClass,
    reserve: createReserve({ transports: known, fromBase64 }),
    expectedMs: () => undefined,
    createSession(options) {
      const isOrdered = options.transports || options.transportImplementations;
      return new RacingEngine(
        { ...(isOrdered ? {} : { transports: names }), ...options },
        platform,
      );
    },
    socketClass: RetryingSocket,
    withQueues,
    checked,
    addressOf: (uri, options) => parseAddress(uri, undefined, options),
    codecFor: ({ parser }) => chosenCodec(parser, compactJsonCodec),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onUnload(listener) {
      unloadListeners.add(listener);
      return () => unloadListeners.delete(listener);
    },
    fire(type, more) {
      const heard = type === "pagehide" ? unloadListeners : listeners;
      for (const listener of [...heard]) listener({ type, ...more });
    },
  };
  return platform;
}

const TYPES = ["open", "close", "ping", "pong", "message", "upgrade"];

function fakeClass(name: string, made: FakeTransport[]): TransportClass {
  class Fake implements FakeTransport {
    sink!: TransportSink;
    writable = false;
    readonly setup: TransportSetup;
    readonly sent: string[] = [];
    readonly calls: string[] = [];
    #paused: (() => void) | undefined;

    constructor(setup: TransportSetup) {
      this.setup = setup;
      made.push(this);
    }

    get name(): string {
      return name;
    }

    open(): void {
      this.calls.push("open");
    }

    send(packets: readonly OutgoingPacket[]): void {
      this.writable = false;
      for (const { type, data } of packets)
        this.sent.push(TYPES.indexOf(type) + String(data ?? ""));
    }

    batch(packets: readonly OutgoingPacket[], maxPayload: number): number {
      return name === "polling" ? batchLength(packets, maxPayload) : packets.length;
    }

    close(): void {
      this.calls.push("close");
    }

    pause(done: () => void): void {
      this.calls.push("pause");
      this.#paused = done;
    }

    resume(): void {
      this.calls.push("resume");
    }

    receive(frame: string): void {
      if (frame.startsWith("0")) this.writable = true;
      this.sink.onFrame(frame);
    }

    drain(): void {
      this.writable = true;
      this.sink.onDrain();
      this.#paused?.();
    }
  }
  return Fake;
}
