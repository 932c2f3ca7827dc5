// One WebSocket after the other to one server: handshake, heartbeat, waiting and trying again, and where that stands.
// Knows nothing of events and acknowledgements. A closure, because minifiers shorten the names of variables and not
// those of members.

import {
  compactJsonCodec,
  type Encoded,
  type Frame,
  type Packet,
  type PacketDecoder,
} from "@sockeye/protocol";
import { backoffDelay } from "../backoff.ts";
import { isHidden, listenTo } from "../browser.ts";
import { type Cancel, delay } from "../clock.ts";
import type { PageEvent } from "../page-event.ts";
import { guarded } from "../safe-emitter.ts";
import type { Advice, Status } from "../status.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";
import { failure, nothing } from "./failure.ts";
import type { MiniSettings } from "./options.ts";

/** Makes the platform's WebSocket. May throw. */
export type CreateWebSocket = (url: string, protocols: string | string[]) => WebSocketLike;

/** A connection that is kept up. */
export interface Connection {
  getStatus(): Status;
  /** Calls `listener` with each new status. Returns what ends it. */
  onStatus(listener: (status: Status) => void): Cancel;
  /** Connects, unless that is under way. */
  connect(): void;
  /** The namespace has been joined; `notify` is called before the status is announced. */
  connected(notify: () => void): void;
  /** Ends the connection for this reason. Without other advice, the next one follows. */
  disconnect(reason: string, details?: object, advice?: Advice): void;
  send(frames: Encoded): void;
  /**
   * Sends an event; a volatile one only when nothing else has been sent in this microtask, as in the other entries and
   * in Socket.IO. Returns `false` when the namespace has not been joined, or the server has not sent its pings in time;
   * then the connection ends.
   */
  emit(frames: Encoded, isVolatile: boolean): boolean;
}

/** Reason of a client that has given up. It goes on when the network or the page is back. */
const GAVE_UP = "reconnect failed";
/** However often the page becomes visible, attempts are that far apart. */
const FLOOR_MS = 1000;
/** An attempt that was begun so long before the page was resumed is made anew. */
const STALE_MS = 5000;

const NEVER = Number.POSITIVE_INFINITY;

const PAGE_EVENTS = ["online", "offline", "resume", "pageshow", "pagehide", "visibilitychange"];

/**
 * Makes a connection to `url`.
 * @param onSession there is a session: the namespace is to be joined
 * @param onEnd the connection is over, or none came about; with the advice `wait` the next one follows
 */
// biome-ignore lint/complexity/useMaxParams: minifiers keep the names of members, and shorten those of parameters.
export function createConnection(
  url: URL,
  settings: MiniSettings,
  createWebSocket: CreateWebSocket,
  onSession: () => void,
  onPacket: (packet: Packet) => void,
  onEnd: (reason: string, details: object | undefined, advice: Advice) => void,
): Connection {
  let status = { state: "idle" } as Status;
  let notified: Status = status;
  const statusListeners = new Set<(status: Status) => void>();
  /** The WebSocket in use. */
  let link: WebSocketLike | undefined;
  let decoder: PacketDecoder;
  /** Ends the one timer: of the attempt, of the heartbeat, or of the wait. */
  let stopTimer: Cancel = nothing;
  let stopListening: Cancel | undefined;
  /** When the server counts as gone, by the wall clock; 0 once the page was left. */
  let deadline = NEVER;
  let patienceMs = 0;
  /** Number of the attempt to reconnect that is under way, waited for or next. */
  let attempt = 0;
  /** When the attempt began that has not led to a connection, and when the next one is due. */
  let beganAt = 0;
  let until = 0;
  /** Resumed, and not pinged since: a loss now was caused by the sleep. Of an attempt: it does not count. */
  let isResumed = false;
  let isWritable = true;

  const later = (ms: number, callback: () => void): void => {
    stopTimer();
    stopTimer = delay(ms, callback);
  };

  const announce = (): void => {
    if (status === notified) return;
    notified = status;
    for (const listener of statusListeners) guarded(() => listener(notified));
  };

  /** Closes the WebSocket; no more is heard from it. */
  const mute = (): void => {
    if (!link) return;
    link.onmessage = link.onclose = link.onerror = nothing;
    link.close();
  };

  const connect = (): void => {
    const fail = (description: unknown): void =>
      end("transport error", failure("websocket error", { description }));
    mute();
    beganAt = Date.now();
    status = { state: "connecting", attempt };
    decoder = compactJsonCodec.createDecoder();
    later(settings.timeout || NEVER, () => end("timeout"));
    try {
      link = createWebSocket(url.href, settings.protocols);
      link.onmessage = ({ data }: { data: Frame }) => receive(data);
      link.onclose = (context: unknown) =>
        end("transport close", { description: "websocket connection closed", context });
      link.onerror = fail;
    } catch (error) {
      // Later, so that the caller has listeners in place.
      later(0, () => fail(error));
    }
    announce();
  };

  /** The one way down: everything is released first, then the end is notified. */
  const end = (
    reason: string,
    details?: object,
    advice: Advice = settings.reconnection ? "wait" : "connect",
  ): void => {
    const closed: Status = { state: "closed", reason, advice };
    status = closed;
    stopTimer();
    mute();
    link = undefined;
    deadline = NEVER;
    onEnd(reason, details, advice);
    // Listeners may have connected it meanwhile.
    if (status === closed) {
      if (advice === "wait") retry();
      else stopListening = void stopListening?.();
    }
    announce();
  };

  const expire = (): void => end("ping timeout");

  const retry = (): void => {
    // An attempt that was made because the page was resumed does not count.
    if (!isResumed || !attempt) attempt++;
    // What the sleep has cut is made anew at once; when that fails, the usual waits follow.
    isResumed &&= !beganAt;
    if (attempt > settings.reconnectionAttempts) {
      status = { state: "closed", reason: GAVE_UP, advice: "connect" };
    } else wait(isResumed ? 0 : backoffDelay(settings, attempt, Math.random()));
  };

  const wait = (ms: number): void => {
    until = Date.now() + ms;
    status = { state: "waiting", attempt, until };
    later(ms, connect);
  };

  const onPage = ({ type, persisted }: PageEvent): void => {
    const isBack = type !== "offline";
    if (type === "pagehide") {
      // Closes silently. Restored from the back-forward cache, the page finds its connection gone; otherwise the server
      // would keep a ghost connection until the ping timeout.
      if (!persisted || !link) return;
      mute();
      deadline = 0;
    } else if (type !== "visibilitychange" || !isHidden()) {
      isResumed ||= isBack && status.state === "open";
      if (Date.now() > deadline) expire();
      else if (link && (persisted || (!isBack && url.hostname !== "localhost"))) {
        end("transport close", { description: "network connection lost" });
      } else if (isBack && status.state !== "open") resume();
      announce();
    }
  };

  /** There is no connection, and no point in waiting for it any longer. */
  const resume = (): void => {
    const now = Date.now();
    if (link) {
      if (now < beganAt + STALE_MS) return;
      isResumed = true;
      connect();
    } else {
      isResumed = true;
      // After giving up, the count begins anew.
      if (status.state === "closed") attempt = 1;
      const soonest = beganAt + Math.min(FLOOR_MS, settings.reconnectionDelay);
      wait(Math.max(Math.min(until, soonest) - now, 0));
    }
  };

  const beat = (): void => {
    isResumed = false;
    deadline = Date.now() + patienceMs;
    later(patienceMs, expire);
  };

  const receive = (frame: Frame): void => {
    const isText = typeof frame === "string";
    const type = isText ? frame[0] : "4";
    let packet: Packet | undefined;
    try {
      if (type === "4") packet = decoder.add(isText ? frame.slice(1) : frame);
      else if (type === "2") {
        link?.send("3");
        beat();
      } else if (type === "0") {
        const { pingInterval, pingTimeout } = JSON.parse((frame as string).slice(1));
        patienceMs = pingInterval + pingTimeout;
        beat();
        onSession();
      }
    } catch (error) {
      end("parse error", error as Error);
    }
    if (packet) onPacket(packet);
  };

  const send = (frames: Encoded): void => {
    isWritable = false;
    queueMicrotask(() => {
      isWritable = true;
    });
    for (const frame of ([] as Frame[]).concat(frames)) {
      link?.send(typeof frame === "string" ? `4${frame}` : frame);
    }
  };

  return {
    getStatus: () => status,
    onStatus(listener) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    connect() {
      if (status.state === "idle" || status.state === "closed") {
        attempt = 0;
        stopListening ??= listenTo(PAGE_EVENTS, onPage);
        connect();
      }
    },
    connected(notify) {
      attempt = beganAt = 0;
      isResumed = false;
      status = { state: "open", transport: "websocket" };
      notify();
      announce();
    },
    disconnect: end,
    send,
    emit(frames, isVolatile) {
      const isOverdue = Date.now() > deadline;
      if (isOverdue) later(0, expire);
      const isAlive = status.state === "open" && !isOverdue;
      if (isAlive && (isWritable || !isVolatile)) send(frames);
      return isAlive;
    },
  };
}
