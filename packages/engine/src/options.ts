// Options of the engine: meaning in the interface, default and limits in the rules.

import {
  amount,
  custom,
  flag,
  type Resolved,
  type Rules,
  resolveOptions,
  unlessGiven,
  wordList,
} from "@sockeye/portable";

/** A transport by the name it has in requests. */
export type TransportName = "polling" | "websocket" | "webtransport";

/** Options of the engine. Durations are milliseconds, sizes bytes. */
export interface EngineOptions {
  /** Time between the answer to a ping and the next ping. Default 25 000. */
  readonly pingInterval: number;
  /** Time a client may take to answer a ping before it is considered gone. Default 20 000. */
  readonly pingTimeout: number;
  /**
   * Time an upgrade may take before the connection stays on polling, and a WebTransport session until its first packet.
   * Default 10 000.
   */
  readonly upgradeTimeout: number;
  /** Largest polling body, or message of a WebSocket or over WebTransport, that is accepted. Default 1 000 000. */
  readonly maxHttpBufferSize: number;
  /**
   * Largest write buffer of one client that does not read; beyond it the connection is closed. One event-loop turn may
   * write more: what remains of it afterwards counts. Default 64 MiB.
   */
  readonly maxSendBufferSize: number;
  /**
   * Most bytes that may wait for all clients together. Beyond it, the clients for which most waits are closed. Default 0; then it
   * is a quarter of the heap's size limit, or 256 MiB where the host does not know that.
   */
  readonly maxTotalSendBufferSize: number;
  /**
   * Transports that clients may use. `webtransport` needs a host that serves it, or sessions that are passed to
   * `engine.onWebTransportSession`. Default `["polling", "websocket"]`.
   */
  readonly transports: readonly TransportName[];
  /** Whether a connection may move from polling to WebSocket or WebTransport. Default `true`. */
  readonly allowUpgrades: boolean;
  /** Whether clients of Socket.IO 1 and 2 (revision 3 of Engine.IO) may connect. Default `false`. */
  readonly allowEIO3: boolean;
  /** Message sent directly after the handshake, in the same response where the transport allows it. Default none. */
  readonly initialPacket: string | Uint8Array | undefined;
}

/** The rule of each option. */
export const engineOptionRules: Rules<EngineOptions> = {
  pingInterval: amount({ fallback: 25_000, min: 1, unit: "milliseconds" }),
  pingTimeout: amount({ fallback: 20_000, min: 1, unit: "milliseconds" }),
  upgradeTimeout: amount({ fallback: 10_000, min: 0, unit: "milliseconds" }),
  maxHttpBufferSize: amount({ fallback: 1e6, min: 0, unit: "bytes", infinity: "allowed" }),
  maxSendBufferSize: amount({ fallback: 2 ** 26, min: 1, unit: "bytes", infinity: "allowed" }),
  maxTotalSendBufferSize: amount({ fallback: 0, min: 0, unit: "bytes", infinity: "allowed" }),
  transports: wordList<TransportName>(
    ["polling", "websocket", "webtransport"],
    ["polling", "websocket"],
  ),
  allowUpgrades: flag(true),
  allowEIO3: flag(false),
  initialPacket: {
    ...custom<string | Uint8Array | undefined>(
      undefined,
      (value) => typeof value === "string" || value instanceof Uint8Array,
      "a string or bytes",
    ),
    lenient: (value) => (typeof value === "number" ? { as: String(value) } : unlessGiven(value)),
  },
};

/** Checks and fills engine options. @throws OptionError */
export function resolveEngineOptions(input: object): Resolved<EngineOptions> {
  return resolveOptions(engineOptionRules, input);
}
