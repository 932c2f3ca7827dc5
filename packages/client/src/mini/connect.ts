// One namespace: joining it, events in both directions, acknowledgements, and what is kept until there is a connection.

import {
  compactJsonCodec,
  type Encoded,
  type Packet,
  PacketType,
  RESERVED_EVENTS,
} from "@sockeye/protocol";
import { type AckCallback, withoutError } from "../ack-callback.ts";
import { delay } from "../clock.ts";
import { guarded } from "../safe-emitter.ts";
import type { Advice } from "../status.ts";
import { addressOf } from "./address.ts";
import { type CreateWebSocket, createConnection } from "./connection.ts";
import { createEmitter } from "./emitter.ts";
import type { Connect, MiniSocket } from "./face.ts";
import { failure, nothing } from "./failure.ts";
import { type MiniOptions, settingsFrom } from "./options.ts";

/** The face as the socket itself sees it. */
type Face = { -readonly [Name in keyof MiniSocket]: MiniSocket[Name] };

/** Makes the `connect` of an entry point. */
export function connectBy(createWebSocket: CreateWebSocket): Connect {
  const connectTo = (uri?: string, options: MiniOptions = {}): MiniSocket => {
    const settings = settingsFrom(options);
    const { url, nsp } = addressOf(uri, settings);
    const { add, remove, raise } = createEmitter();
    let id: string | undefined;
    /** What lets a later connection take up where this one ended: a key, and the last event that was received. */
    let pid: string | undefined;
    let offset: string | undefined;
    /** Counts the connections, and the answers that the credentials of each were given. */
    let epoch = 0;
    /** Events that came before the server's answer. */
    let receiveBuffer: unknown[][] = [];
    /** Events emitted while not connected, by their number. */
    const sendBuffer = new Map<number, Encoded>();
    /** What settles the acknowledgements that are still owed, by the number of the event. */
    const acks = new Map<number | undefined, AckCallback>();
    let count = 0;
    // Of the next event.
    let timeoutMs: number | undefined;
    let isVolatile = false;

    const encode = (type: PacketType, data?: unknown, packetId?: number): Encoded =>
      compactJsonCodec.encode({ type, nsp, data, id: packetId });

    const transmit = (type: PacketType, data?: unknown, packetId?: number): void =>
      send(encode(type, data, packetId));

    /** Joins the namespace, with the credentials. */
    const join = (): void => {
      const { auth } = socket;
      const mine = ++epoch;
      const hand = (data?: object): void => {
        // Only the first answer counts, and only for the connection it was asked for.
        if (mine !== epoch) return;
        epoch++;
        // A server may have named the session by anything.
        const isNamed = typeof pid === "string" && pid !== "";
        transmit(PacketType.CONNECT, isNamed ? { pid, offset, ...data } : (data ?? undefined));
      };
      guarded(() => (typeof auth === "function" ? auth(hand) : hand(auth)));
    };

    const lose = (reason: string, details: object | undefined, advice: Advice): void => {
      const wasConnected = id;
      id = undefined;
      epoch++;
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
    };

    const take = ({ type, nsp: to, id: packetId, data }: Packet): void => {
      if (to !== nsp) return;
      const args = data as unknown[];
      const body = (data ?? {}) as Record<string, string>;
      if (type === PacketType.EVENT) {
        if (packetId !== undefined) args.push(answerTo(packetId));
        if (id) deliver(args);
        else receiveBuffer.push(args);
      } else if (type === PacketType.ACK) acks.get(packetId)?.(null, ...args);
      else if (type === PacketType.CONNECT && body["sid"]) connected(() => begin(body));
      else if (type === PacketType.DISCONNECT) {
        disconnect("io server disconnect", undefined, "connect");
      } else disconnect(body["message"] as string, { data: body["data"] }, "connect");
    };

    const { connect, connected, disconnect, emit, getStatus, onStatus, send } = createConnection(
      url,
      settings,
      createWebSocket,
      join,
      take,
      lose,
    );

    const begin = (body: Record<string, string>): void => {
      socket.recovered = !!pid && pid === body["pid"];
      ({ pid, sid: id } = body);
      for (const frames of sendBuffer.values()) send(frames);
      sendBuffer.clear();
      for (const args of receiveBuffer.splice(0)) deliver(args);
      // Listeners may have disconnected it.
      if (id) raise("connect");
    };

    const answerTo = (packetId: number): ((...answer: unknown[]) => void) => {
      let isSent = false;
      return (...answer) => {
        if (!isSent) transmit(PacketType.ACK, answer, packetId);
        isSent = true;
      };
    };

    const deliver = (args: unknown[]): void => {
      raise(...(args as [string]));
      const last = args[args.length - 1];
      if (pid && typeof last === "string") offset = last;
    };

    const expectAck = (number: number, callback: AckCallback, limitMs?: number): void => {
      const settle: AckCallback = (...answer) => {
        acks.delete(number);
        sendBuffer.delete(number);
        stop();
        guarded(() => callback(...answer));
      };
      const isLate = (): void => settle(failure("operation has timed out"));
      const stop = limitMs === undefined ? nothing : delay(limitMs, isLate);
      acks.set(number, settle);
    };

    const dispatch = (event: string, args: unknown[], takesError?: boolean): void => {
      if (RESERVED_EVENTS.has(event)) throw failure(`"${event}" is a reserved event name`);
      const limitMs = timeoutMs ?? settings.ackTimeout;
      const isDropped = isVolatile;
      timeoutMs = undefined;
      isVolatile = false;
      const number = count++;
      const callback = typeof args[args.length - 1] === "function" && (args.pop() as AckCallback);
      const frames = encode(PacketType.EVENT, [event, ...args], callback ? number : undefined);
      if (callback) {
        const isBare = !takesError && limitMs === undefined;
        expectAck(number, isBare ? withoutError(callback) : callback, limitMs);
      }
      if (!emit(frames, isDropped) && !isDropped) {
        if (sendBuffer.size < settings.maxSendBufferLength) sendBuffer.set(number, frames);
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
        return getStatus();
      },
      get volatile() {
        isVolatile = true;
        return socket;
      },
      onStatus,
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
        connect();
        return socket;
      },
      disconnect() {
        if (id) transmit(PacketType.DISCONNECT);
        disconnect("io client disconnect", undefined, "none");
        return socket;
      },
    } as Face;

    return settings.autoConnect ? socket.connect() : socket;
  };
  return connectTo as Connect;
}
