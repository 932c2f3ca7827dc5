// One namespace over one WebSocket after the other: joining, events, acknowledgements, heartbeat, waiting and trying
// again. A closure, because minifiers shorten the names of variables and not those of members.

import {
  compactJsonCodec,
  type Encoded,
  type Frame,
  type Packet,
  type PacketDecoder,
  PacketType,
  RESERVED_EVENTS,
} from "@sockeye/protocol";
import { type AckCallback, withoutError } from "../ack-callback.ts";
import { backoffDelay } from "../backoff.ts";
import { isHidden, listenTo } from "../browser.ts";
import { type Cancel, delay } from "../clock.ts";
import type { PageEvent } from "../page-event.ts";
import { guarded } from "../safe-emitter.ts";
import type { Advice, Status } from "../status.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";
import { addressOf } from "./address.ts";
import { createEmitter } from "./emitter.ts";
import type { Connect, MiniSocket } from "./face.ts";
import { type MiniOptions, settingsFrom } from "./options.ts";

/** Makes the platform's WebSocket. May throw. */
export type CreateWebSocket = (url: string, protocols: string | string[]) => WebSocketLike;

/** Reason of a client that has given up. It goes on when the network or the page is back. */
const GAVE_UP = "reconnect failed";
/** However often the page is looked at, attempts are that far apart. */
const FLOOR_MS = 1000;
/** An attempt that was begun so long before the page was resumed is made anew. */
const STALE_MS = 5000;

const PAGE_EVENTS = ["online", "offline", "resume", "pageshow", "pagehide", "visibilitychange"];

const NEVER = Number.POSITIVE_INFINITY;

const nothing = (): void => {};

const failure = (message: string, details?: object): Error =>
  Object.assign(new Error(message), details);

/** Makes the `connect` of an entry point. */
export function connectBy(createWebSocket: CreateWebSocket): Connect {
  const connect = (uri?: string, options: MiniOptions = {}): MiniSocket => {
    const settings = settingsFrom(options);
    const { url, nsp } = addressOf(uri, settings);
    const { ackTimeout, maxSendBufferLength, protocols, reconnection, reconnectionDelay } =
      settings;
    const { add, remove, raise } = createEmitter();

    // The connection.
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
    /** Whether nothing has been sent in this microtask. */
    let isWritable = true;

    // The namespace.
    let id: string | undefined;
    let pid: string | undefined;
    let offset: string | undefined;
    /** Events that came before the server's answer. */
    let receiveBuffer: unknown[][] = [];
    /** Events emitted while not connected, and what settles acknowledgements, by the number of the event. */
    const sendBuffer = new Map<number, Encoded>();
    const acks = new Map<number | undefined, AckCallback>();
    let count = 0;
    // Of the next event.
    let timeoutMs: number | undefined;
    let isVolatile = false;

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

    const open = (): void => {
      const fail = (description: unknown): void =>
        end("transport error", failure("websocket error", { description }));
      mute();
      beganAt = Date.now();
      status = { state: "connecting", attempt };
      decoder = compactJsonCodec.createDecoder();
      later(settings.timeout || NEVER, () => end("timeout"));
      try {
        link = createWebSocket(url.href, protocols);
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

    /** The one way down. What was connected is notified of its loss, what was not, of its failure. */
    const end = (
      reason: string,
      details?: object,
      advice: Advice = reconnection ? "wait" : "connect",
    ): void => {
      const wasConnected = id;
      const closed: Status = { state: "closed", reason, advice };
      status = closed;
      stopTimer();
      mute();
      link = id = undefined;
      deadline = NEVER;
      receiveBuffer = [];
      if (wasConnected) {
        raise("disconnect", reason, details);
        for (const [number, settle] of acks) {
          // What is still to be sent can still be answered.
          if (!sendBuffer.has(number as number)) settle(failure("socket has been disconnected"));
        }
      } else if (advice !== "none") {
        const isError = details instanceof Error;
        raise("connect_error", isError ? details : failure(reason, details));
      }
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
      later(ms, open);
    };

    const onPage = ({ type, persisted }: PageEvent): void => {
      const now = Date.now();
      const isBack = type !== "offline";
      if (type === "pagehide") {
        // Closes silently. Restored from the back-forward cache, the page finds its connection gone; otherwise the server
        // would keep a ghost connection until the ping timeout.
        if (persisted) {
          mute();
          deadline = 0;
        }
      } else if (type !== "visibilitychange" || !isHidden()) {
        isResumed ||= isBack && !!id;
        if (now > deadline) expire();
        else if (link && (persisted || (!isBack && url.hostname !== "localhost"))) {
          end("transport close", { description: "network connection lost" });
        } else if (isBack && !id && (!link || now > beganAt + STALE_MS)) {
          isResumed = true;
          // After giving up, the count begins anew.
          if (status.state === "closed") attempt = 1;
          const soonest = beganAt + Math.min(FLOOR_MS, reconnectionDelay);
          if (link) open();
          else wait(Math.max(Math.min(until, soonest) - now, 0));
        }
        announce();
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
        if (type === "0") {
          const { pingInterval, pingTimeout } = JSON.parse((frame as string).slice(1));
          patienceMs = pingInterval + pingTimeout;
          beat();
          join();
        } else if (type === "2") {
          link?.send("3");
          beat();
        } else if (type === "4") packet = decoder.add(isText ? frame.slice(1) : frame);
      } catch (error) {
        end("parse error", error as Error);
      }
      if (packet?.nsp === nsp) onPacket(packet);
    };

    const join = (): void => {
      const { auth } = socket;
      let mine: WebSocketLike | null | undefined = link;
      const hand = (data?: object): void => {
        // Only the first answer counts, and only for the connection it was asked for.
        if (mine !== link) return;
        mine = null;
        transmit(PacketType.CONNECT, pid ? { pid, offset, ...data } : (data ?? undefined));
      };
      guarded(() => (typeof auth === "function" ? auth(hand) : hand(auth)));
    };

    const encode = (type: PacketType, data?: unknown, packetId?: number): Encoded =>
      compactJsonCodec.encode({ type, nsp, data, id: packetId });

    const send = (frames: Encoded): void => {
      isWritable = false;
      queueMicrotask(() => {
        isWritable = true;
      });
      for (const frame of ([] as Frame[]).concat(frames)) {
        link?.send(typeof frame === "string" ? `4${frame}` : frame);
      }
    };

    const transmit = (type: PacketType, data?: unknown, packetId?: number): void =>
      send(encode(type, data, packetId));

    const onPacket = ({ type, id: packetId, data }: Packet): void => {
      const args = data as unknown[];
      const body = (data ?? {}) as Record<string, string>;
      if (type === PacketType.EVENT) {
        if (packetId !== undefined) {
          let isSent = false;
          args.push((...answer: unknown[]) => {
            if (!isSent) transmit(PacketType.ACK, answer, packetId);
            isSent = true;
          });
        }
        if (id) deliver(args);
        else receiveBuffer.push(args);
      } else if (type === PacketType.ACK) acks.get(packetId)?.(null, ...args);
      else if (type === PacketType.CONNECT && body["sid"]) {
        socket.recovered = !!pid && pid === body["pid"];
        ({ pid, sid: id } = body);
        attempt = beganAt = 0;
        isResumed = false;
        status = { state: "open", transport: "websocket" };
        for (const frames of sendBuffer.values()) send(frames);
        sendBuffer.clear();
        for (const each of receiveBuffer.splice(0)) deliver(each);
        // Listeners may have disconnected it.
        if (id) raise("connect");
        announce();
      } else if (type === PacketType.DISCONNECT) end("io server disconnect", undefined, "connect");
      else {
        // Refused by the server: by middleware, for instance.
        end(`${body["message"]}`, { data: body["data"] }, "connect");
      }
    };

    const deliver = (args: unknown[]): void => {
      raise(...(args as [string]));
      const last = args[args.length - 1];
      if (pid && typeof last === "string") offset = last;
    };

    const dispatch = (event: string, args: unknown[], takesError?: boolean): void => {
      if (RESERVED_EVENTS.has(event)) throw failure(`"${event}" is a reserved event name`);
      const limitMs = timeoutMs ?? ackTimeout;
      const hasLimit = limitMs !== undefined;
      const isKept = !isVolatile;
      timeoutMs = undefined;
      isVolatile = false;
      const number = count++;
      let callback = typeof args[args.length - 1] === "function" && (args.pop() as AckCallback);
      const frames = encode(PacketType.EVENT, [event, ...args], callback ? number : undefined);
      if (callback) {
        if (!takesError && !hasLimit) callback = withoutError(callback);
        const settled = callback;
        const stop = hasLimit
          ? delay(limitMs, () => {
              sendBuffer.delete(number);
              acks.get(number)?.(failure("operation has timed out"));
            })
          : nothing;
        acks.set(number, (...answer) => {
          acks.delete(number);
          stop();
          guarded(() => settled(...answer));
        });
      }
      const isOverdue = Date.now() > deadline;
      if (isOverdue) later(0, expire);
      if (id && !isOverdue) {
        if (isKept || isWritable) send(frames);
      } else if (isKept) {
        if (sendBuffer.size < maxSendBufferLength) sendBuffer.set(number, frames);
        else acks.get(number)?.(failure("send buffer is full"));
      }
    };

    const socket = {
      auth: settings.auth,
      recovered: false,
      get id() {
        return id;
      },
      get connected() {
        return !!id;
      },
      get status() {
        return status;
      },
      get volatile() {
        isVolatile = true;
        return socket;
      },
      onStatus(listener) {
        statusListeners.add(listener);
        return () => void statusListeners.delete(listener);
      },
      on(event, listener) {
        add(event, listener);
        return socket;
      },
      once(event, listener) {
        add(event, listener, true);
        return socket;
      },
      off(event, listener) {
        remove(event, listener);
        return socket;
      },
      emit(event, ...args) {
        dispatch(event as string, args);
        return socket;
      },
      emitWithAck: (event, ...args) =>
        new Promise((resolve, reject) => {
          const ack: AckCallback = (error, answer) => (error ? reject(error) : resolve(answer));
          dispatch(event as string, [...args, ack], true);
        }),
      timeout(limitMs) {
        timeoutMs = limitMs;
        return socket;
      },
      connect() {
        if (status.state === "idle" || status.state === "closed") {
          attempt = 0;
          stopListening ??= listenTo(PAGE_EVENTS, onPage);
          open();
        }
        return socket;
      },
      disconnect() {
        if (id) transmit(PacketType.DISCONNECT);
        end("io client disconnect", undefined, "none");
        return socket;
      },
    } as { -readonly [Name in keyof MiniSocket]: MiniSocket[Name] };

    return settings.autoConnect ? socket.connect() : socket;
  };
  return connect as Connect;
}
