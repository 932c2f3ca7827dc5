// The server core in this process: no network, a clock that is moved by hand, peers that are plain calls.
// For what depends on numbers of our own, not on the system's.

import { coreOptionRules, runtimeOf, Server } from "@sockeye/core";
import { resolveEngineOptions } from "@sockeye/engine";
import { FakeClock, MemoryExchange } from "@sockeye/testkit";

const PATH = "/engine.io/?EIO=4&transport=websocket";

/** A WebSocket that counts what is sent and keeps nothing. */
class CountingSocket {
  sent = 0;
  needsRawFrames = false;
  queuedBytes = 0;
  isOpen = true;

  isWritable() {
    return true;
  }

  listen() {}

  send() {
    this.sent++;
    return 0;
  }

  sendPrepared() {
    return this.send();
  }

  requestDrain() {}

  close() {}

  terminate() {}
}

const framer = {
  prepare: (/** @type {string | Uint8Array} */ frame) => ({ bytes: frame.length }),
};

/** A peer, and its socket on the server once it has one. */
export class MemoryPeer {
  raw = new CountingSocket();
  /** @type {import("@sockeye/engine").RawSocketSink | undefined} */
  sink;
  /** @type {import("@sockeye/core").Socket | undefined} */
  #socket;

  /** The first socket of this peer. @throws Error while it has none */
  get socket() {
    if (this.#socket === undefined) throw new Error("the peer has joined no namespace");
    return this.#socket;
  }

  /** @param {import("@sockeye/core").Socket} socket */
  joined(socket) {
    this.#socket ??= socket;
  }

  /** Sends a frame to the server. @param {string} frame */
  say(frame) {
    this.sink?.onFrame(frame);
  }

  /** Is gone. */
  leave() {
    this.sink?.onClose();
  }
}

/** The server. */
export class MemoryServer extends Server {
  fakeClock;
  /** The engine of the base class is told nothing of this one. */
  #engine;
  /** @type {MemoryPeer | undefined} */
  #arriving;

  /** @param {{ pingInterval?: number }} [options] */
  constructor({ pingInterval = 25_000 } = {}) {
    const clock = new FakeClock();
    const defaults = Object.entries(coreOptionRules).map(([name, rule]) => [name, rule.fallback]);
    const surface = (/** @type {unknown} */ error) => {
      throw error;
    };
    super(Object.fromEntries(defaults), { clock, framer, surface, warn: surface });
    this.fakeClock = clock;
    const { options } = resolveEngineOptions({ pingInterval, pingTimeout: pingInterval * 4 });
    this.#engine = runtimeOf(this).createEngine(options, {});
    this.on("connection", (socket) => this.#arriving?.joined(socket));
  }

  /**
   * A new peer, in the namespace.
   * @param {string} [namespace]
   */
  connect(namespace = "/") {
    const peer = new MemoryPeer();
    const request = new MemoryExchange("GET", PATH);
    this.#engine.admit(request, (outcome) => {
      if (outcome.kind === "refusal") throw new Error(outcome.message);
      peer.sink = this.#engine.attach(outcome, peer.raw);
    });
    this.#arriving = peer;
    peer.say(namespace === "/" ? "40" : `40${namespace},`);
    return peer;
  }

  /** That many peers. @param {number} count */
  connectMany(count) {
    return Array.from({ length: count }, () => this.connect());
  }
}
