// The usual link: a WebSocket sets off alone. What is needed beyond it (polling, upgrade, an order of the application's)
// is the reserve, which pages load only then.
//
//   alone ──answered──▶ proving ──an answer to what was sent──▶ proven
//     │                    └──── none in time ──▶ the session starts again, in the reserve
//     └──late, or failed──▶ the reserve takes over, and the WebSocket may still win

import { after, type Cancel } from "../clock.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import { clientError } from "../errors.ts";
import type { EngineOptions, TransportClass } from "../options.ts";
import {
  SILENT,
  type Transport,
  type TransportError,
  transportError,
} from "../transports/transport.ts";
import { headStartMs } from "./head-start.ts";
import {
  type CreateLink,
  type Link,
  type LinkHost,
  loneLink,
  release,
  TransportLink,
} from "./link.ts";
import type { TransportMemory } from "./transport-memory.ts";

/** The link of a session that may need any transport. */
export interface ReserveLink extends Link {
  /** Goes on from a WebSocket that is late, or has failed. */
  join(late: Transport, failure: TransportError | undefined): void;
}

/** The parts beyond one WebSocket. */
export type Reserve = (host: LinkHost, parts: RacingParts) => ReserveLink;

/** What the usual link is made of. */
export interface RacingParts {
  readonly webSocket: TransportClass;
  readonly memory: TransportMemory;
  /** The reserve, when it is there already. */
  reserve?: Reserve | undefined;
  /** Fetches the reserve, where it is not there already. */
  loadReserve?(): Promise<Reserve>;
  /** Milliseconds until a WebSocket of this session should have been answered; `undefined` when nothing is known. */
  expectedMs(options: EngineOptions): number | undefined;
}

/** Where a WebSocket has worked before, polling is not tried for so long. */
const KNOWN_HEAD_START_MS = 1000;
/** How long the server may take to answer the first packet that goes over a WebSocket. */
const PROOF_MS = 5000;

/** Whether the application has chosen, or needs what only polling can do: then nothing is raced. */
function isOrdered(options: EngineOptions): unknown {
  return (
    options.transports ||
    options.transportImplementations ||
    options.upgrade === false ||
    // Browsers do not send them with a WebSocket; in Node, cookies come with the first polling answer.
    options.extraHeaders ||
    options.withCredentials ||
    options.transportOptions?.["polling"] ||
    options.forceBase64
  );
}

/** Stands where a transport will be, as soon as the reserve has arrived. */
function placeholder(named: unknown): Transport {
  const nothing = (): void => {};
  const name = String(named);
  return { name, writable: false, sink: SILENT, open: nothing, send: nothing, close: nothing };
}

/** The usual link. */
export function racingLink(parts: RacingParts): CreateLink {
  const { memory, webSocket } = parts;
  return (host) => {
    const { opts } = host;
    if (opts.transports && opts.transportImplementations) {
      throw clientError(
        "ERR_TRANSPORTS_TWICE",
        "specifying both 'transportImplementations' and 'transports' options is not supported",
      );
    }
    const isRaced = !isOrdered(opts);
    let first: Transport | undefined;
    let inner: Link = new TransportLink(host);
    let reserve: ReserveLink | undefined;
    let stopTimer: Cancel = () => {};
    /** A WebSocket has the session, and the server has not answered anything that was sent over it. */
    let isUnproven = false;
    /** Counts what ends the wait for the reserve. */
    let epoch = 0;

    const withReserve = (
      use: (reserve: ReserveLink) => void,
      onMissing: (error: Error) => void,
    ): void => {
      const asked = ++epoch;
      const enter = (create: Reserve): void => {
        if (asked !== epoch) return;
        parts.reserve = create;
        reserve ??= create(host, parts);
        // What was given before the handshake.
        reserve.writeBuffer.push(...inner.writeBuffer);
        inner = reserve;
        use(reserve);
      };
      const missing = (error: Error): void => {
        if (asked === epoch) onMissing(error);
      };
      if (parts.reserve) enter(parts.reserve);
      else parts.loadReserve?.().then(enter, missing);
    };

    const startAlone = (): void => {
      const alone = host.create(webSocket);
      const lone = new TransportLink(host);
      inner = lone;
      first = alone;
      let failure: TransportError | undefined;
      let isLate = false;
      let isMissing = false;
      const late = (error?: TransportError): void => {
        failure ??= error;
        if (isMissing && failure) host.onError(failure);
        if (isLate) return;
        isLate = true;
        stopTimer();
        withReserve(
          (link) => link.join(alone, failure),
          () => {
            // It cannot be fetched, or must not be: the WebSocket is all there is.
            isMissing = true;
            if (failure) host.onError(failure);
          },
        );
      };
      const giveHeadStart = (expectedMs: number | undefined): void => {
        const leadMs = Math.max(
          headStartMs(expectedMs),
          memory.works(opts) ? KNOWN_HEAD_START_MS : 0,
        );
        stopTimer();
        const stopLate = after(opts, leadMs, late);
        // A page fetches the reserve beforehand, so that it is there in time.
        const stopLoad = after(opts, leadMs / 2, () => {
          if (!parts.reserve) parts.loadReserve?.().catch(() => {});
        });
        stopTimer = () => {
          stopLate();
          stopLoad();
        };
      };
      alone.sink = {
        ...SILENT,
        onConnect: giveHeadStart,
        onFrame(frame) {
          epoch++;
          stopTimer();
          if (PUBLISHES) tell(host.diagnostics, "raceWon", () => ({ transport: alone.name }));
          lone.carry(alone);
          alone.sink.onFrame(frame);
        },
        onClose: (details) => late(transportError("transport closed", details)),
        onError: late,
      };
      giveHeadStart(parts.expectedMs(opts));
      alone.open();
    };

    return {
      get transport() {
        return inner.transport ?? first;
      },
      get writeBuffer() {
        return inner.writeBuffer;
      },
      start() {
        reserve = undefined;
        // Applications look at its name as soon as they have asked for a connection.
        if (!parts.reserve) first = placeholder([opts.transports ?? "polling"].flat()[0]);
        if (isRaced && memory.works(opts) !== false) startAlone();
        else
          withReserve(
            (link) => link.start(),
            (error) => host.onError(transportError(error.message)),
          );
      },
      send(packet) {
        inner.send(packet);
        // From the first message on that asks for an answer: before, the server has nothing to say.
        if (!isUnproven || packet.type !== "message") return;
        isUnproven = false;
        stopTimer = after(opts, PROOF_MS, () => {
          memory.keep(opts, false);
          host.restart();
        });
      },
      drain: () => inner.drain(),
      opened(handshake) {
        const isWebSocket = this.transport?.name === "websocket";
        memory.hasUpgraded = isWebSocket;
        inner.opened(handshake);
        isUnproven = isRaced && isWebSocket;
        if (isUnproven) memory.keep(opts, true);
      },
      proven() {
        stopTimer();
      },
      upgrade: (handshake) => inner.upgrade(handshake),
      failed(error, isOpening) {
        memory.hasUpgraded = false;
        return inner.failed ? inner.failed(error, isOpening) : error;
      },
      stop(cause) {
        epoch++;
        isUnproven = false;
        stopTimer();
        inner.stop(cause);
        if (first !== inner.transport) release(first);
      },
    };
  };
}

/** The usual link; a lone one where the application wants nothing but WebSocket. */
export function usualLink(parts: RacingParts): CreateLink {
  const racing = racingLink(parts);
  const lone = loneLink(parts.webSocket);
  return (host) =>
    !parts.reserve && `${host.opts.transports}` === "websocket" && !host.opts.forceBase64
      ? lone(host)
      : racing(host);
}
