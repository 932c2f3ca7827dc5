// A server without a host: the core over an engine in memory, with a clock that stands still until it is told.

import { type Engine, resolveEngineOptions } from "@sockeye/engine";
import { resolveOptions } from "@sockeye/portable";
import { FakeClock, MemoryExchange, MemoryFramer, MemorySocket } from "@sockeye/testkit";
import { runtimeOf, Server } from "../src/api/server.ts";
import { type CoreOptions, coreOptionRules } from "../src/base/options.ts";

/** The core with everything it needs in memory. */
export class MemoryServer extends Server {
  readonly clock: FakeClock;
  readonly framer: MemoryFramer;
  readonly engine: Engine;
  /** What was made uncaught. */
  readonly surfaced: unknown[];
  /** What the operator was shown. */
  readonly warnings: string[];

  constructor(options: Partial<CoreOptions> = {}, engineOptions: object = {}) {
    const clock = new FakeClock();
    const framer = new MemoryFramer();
    const surfaced: unknown[] = [];
    const warnings: string[] = [];
    super(resolveOptions(coreOptionRules, options).options, {
      clock,
      framer,
      surface: (error) => void surfaced.push(error),
      warn: (text) => void warnings.push(text),
    });
    this.clock = clock;
    this.framer = framer;
    this.surfaced = surfaced;
    this.warnings = warnings;
    this.engine = runtimeOf(this).createEngine(resolveEngineOptions(engineOptions).options, {});
  }

  /** A peer over a WebSocket in memory; it has read its handshake. */
  dial(): MemorySocket {
    const raw = new MemorySocket();
    const head = new MemoryExchange("GET", "/engine.io/?EIO=4&transport=websocket");
    this.engine.admit(head, (outcome) => {
      if (outcome.kind === "ticket") this.engine.attach(outcome, raw);
    });
    void raw.next();
    return raw;
  }

  /** A peer that has joined namespaces, `/` when none is named, and read the answers. */
  async join(...names: string[]): Promise<MemorySocket> {
    const raw = this.dial();
    for (const name of names.length === 0 ? ["/"] : names) {
      raw.transmit(name === "/" ? "40" : `40${name},`);
      await raw.next();
    }
    return raw;
  }

  /** Ends it. */
  end(): Promise<void> {
    return runtimeOf(this).shutDown();
  }
}
