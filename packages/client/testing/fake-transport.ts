// Transports without a network, for tests of the engine and the manager: the test plays the server.

import { compactJsonCodec, fromBase64 } from "@sockeye/protocol";
import { Engine } from "../src/engine/engine.ts";
import type { EnginePlatform } from "../src/engine/engine-platform.ts";
import type { LinkHost } from "../src/engine/link.ts";
import { usualLink } from "../src/engine/racing-link.ts";
import { optionalParameters } from "../src/engine/session-url.ts";
import { createMemory, type TransportMemory } from "../src/engine/transport-memory.ts";
import { batchLength } from "../src/fallback/batch.ts";
import { createReserve } from "../src/fallback/reserve-link.ts";
import { chosenCodec } from "../src/option-check.ts";
import type { EngineOptions, TransportClass, TransportSetup } from "../src/options.ts";
import { withQueues } from "../src/outbox/queues.ts";
import type { PageEvent } from "../src/page-event.ts";
import type { Platform } from "../src/platform.ts";
import { RetryingSocket } from "../src/retrying-socket.ts";
import type { OutgoingPacket, Transport, TransportSink } from "../src/transports/transport.ts";

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
export interface FakePlatform extends Platform, EnginePlatform {
  readonly known: readonly TransportClass[];
  readonly memory: TransportMemory;
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
  const { known, memory } = platform;
  const createLink = usualLink({
    webSocket: known[1] as TransportClass,
    reserve: createReserve({ known, fromBase64 }),
    memory,
    expectedMs: () => expectedMs,
  });
  return Object.assign(platform, { createLink });
}

/** A platform that has transports of these names, tried in order. */
export function fakePlatform(...names: string[]): FakePlatform {
  const made: FakeTransport[] = [];
  const listeners = new Set<(event: PageEvent) => void>();
  const unloadListeners = new Set<(event: PageEvent) => void>();
  const known = names.map((name) => fakeClass(name, made));
  const memory = createMemory();
  const link = usualLink({
    webSocket: known[0] as TransportClass,
    reserve: createReserve({ known, fromBase64 }),
    memory,
    expectedMs: () => undefined,
  });
  const platform: FakePlatform = {
    known,
    made,
    listeners,
    memory,
    createLink(host) {
      const { transports, transportImplementations } = host.opts;
      const isOrdered = transports || transportImplementations;
      const opts = { ...(isOrdered ? {} : { transports: names }), ...host.opts };
      return link(withOptions(host, opts));
    },
    parametersFor: optionalParameters,
    binaryType: "arraybuffer",
    createSession: (options) => new Engine(options, platform),
    socketClass: RetryingSocket,
    withQueues,
    codecFor: (options) => chosenCodec(options, compactJsonCodec),
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

/** The host with other options. */
function withOptions(host: LinkHost, opts: EngineOptions): LinkHost {
  return new Proxy(host, {
    get(_, name) {
      if (name === "opts") return opts;
      const value: unknown = Reflect.get(host, name);
      return typeof value === "function" ? value.bind(host) : value;
    },
  });
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
