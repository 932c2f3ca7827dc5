// A host without a network: an engine, a fake clock, and requests and WebSockets made of plain calls.

import {
  Engine,
  type EngineOptions,
  type EnginePlatform,
  type Refusal,
  type RequestHeaders,
  resolveEngineOptions,
  type Ticket,
} from "@sockeye/engine";
import type { Asked, Dialled, EngineContext, EngineHost, RequestParts } from "./cases/context.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryExchange } from "./memory-exchange.ts";
import { MemoryFramer, MemorySocket } from "./memory-socket.ts";
import { type CaseHooks, Recorder } from "./recorder.ts";

// The longest chain of promises that a request goes through is far shorter.
const TURNS = 30;
const STEP = 10;

/** An engine in memory. */
export class MemoryContext implements EngineContext {
  readonly clock: FakeClock = new FakeClock();
  readonly framer: MemoryFramer = new MemoryFramer();
  readonly recorder: Recorder;
  readonly engine: Engine;
  /** Errors thrown by handlers. */
  readonly faults: unknown[] = [];
  /** The largest message in bytes that peers may send. */
  readonly limit: number;

  /** `wanted`: parts of the platform that replace those of the memory host. */
  constructor(
    options: Partial<EngineOptions> = {},
    hooks: CaseHooks = {},
    wanted: Partial<EnginePlatform> = {},
  ) {
    const { options: resolved } = resolveEngineOptions(options);
    this.recorder = new Recorder(hooks);
    this.limit = resolved.maxHttpBufferSize;
    const platform: EnginePlatform = {
      clock: this.clock,
      framer: this.framer,
      afterTurn: queueMicrotask,
      onFault: (error) => this.faults.push(error),
      ...wanted,
    };
    this.engine = new Engine(resolved, platform, this.recorder.hooks);
  }

  ask(method: string, query: string, parts?: RequestParts): Asked {
    return this.exchange(method, query, parts);
  }

  /** As `ask`; returns the exchange as well. */
  exchange(method: string, query: string, parts?: RequestParts): MemoryExchange {
    const exchange = new MemoryExchange(method, `/engine.io/?${query}`, parts);
    this.engine.respond(exchange);
    return exchange;
  }

  /** Requests a WebSocket handshake. */
  admit(query: string, headers: RequestHeaders = {}): Promise<Ticket | Refusal> {
    const head = new MemoryExchange("GET", `/engine.io/?${query}`, { headers });
    return new Promise((resolve) => this.engine.admit(head, resolve));
  }

  async dial(query: string, headers: RequestHeaders = {}): Promise<Dialled> {
    const outcome = await this.admit(query, headers);
    if (outcome.kind === "refusal") return { kind: "refused", status: 400, body: outcome.message };
    return { kind: "open", peer: this.attach(outcome, new MemorySocket(this.limit)) };
  }

  /** Completes a WebSocket handshake with the given socket. */
  attach(ticket: Ticket, socket: MemorySocket): MemorySocket {
    this.engine.attach(ticket, socket);
    return socket;
  }

  now(): number {
    return this.clock.now();
  }

  async elapse(duration: number): Promise<void> {
    await this.settle();
    for (let left = duration; left > 0; left -= STEP) {
      this.clock.advance(Math.min(STEP, left));
      await this.settle();
    }
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.engine.close();
    return Promise.resolve();
  }
}

/** The memory host, for conformance cases. */
export const memoryHost: EngineHost = {
  name: "memory",
  lacks: {},
  start: ({ options, hooks }) => Promise.resolve(new MemoryContext(options, hooks)),
};
