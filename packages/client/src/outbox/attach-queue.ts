// Connects a socket with the queue that sends its events until they are acknowledged: in memory, or that of the option
// `outbox`. A page fetches this when there is such a socket.

import { PacketType } from "@sockeye/protocol";
import { type AckCallback, withoutError } from "../ack-callback.ts";
import { PUBLISHES, tell } from "../diagnostics.ts";
import { bufferFull, checkName, MOST_KEPT } from "../emit-rules.ts";
import type { createRetryQueue } from "../retry-queue.ts";
import { guarded, surface } from "../safe-emitter.ts";
import type { AttachQueue, EmitFlags } from "../socket-manager.ts";
import type { EventQueue, QueueHost } from "./event-queue.ts";
import { clearedError } from "./outbox-errors.ts";

/** Makes queues: those of the option `outbox`, or by `createQueue`. */
export const attacher =
  (createQueue?: typeof createRetryQueue): AttachQueue =>
  (socket, options, emit) => {
    const { io, nsp } = socket;
    const { retries, ackTimeout, outbox, maxSendBufferLength: limit = MOST_KEPT } = options;
    const host: QueueHost = {
      nsp,
      retries,
      ackTimeout,
      maxEvents: () => limit,
      // A connection whose ping is overdue is about to be closed: what it is given would be kept a second time.
      canSend: () => socket.connected && !io.engine?.hasPingExpired(),
      encode: (data) => [io.codec.encode({ type: PacketType.EVENT, nsp, data: [...data] })].flat(),
      send(data, flags) {
        // Those of the application's next event stay.
        const before = socket.flags;
        socket.flags = { ...flags, takesError: true };
        try {
          emit(...(data as [string]));
        } finally {
          socket.flags = before;
        }
      },
    };
    const queue = (outbox?.attach(host) ?? createQueue?.(retries as number, host)) as EventQueue;

    const onFull = (data: readonly unknown[], onAnswer: AckCallback | undefined): void => {
      if (onAnswer) guarded(onAnswer, bufferFull());
      if (PUBLISHES) tell(io.platform.diagnostics, "bufferOverflowed", () => ({ nsp, limit }));
      io.raise("overflow", { type: PacketType.EVENT, data });
    };

    return {
      flags: {},
      sendBuffer: [],
      settle: () => false,
      outbox: {
        get size() {
          return queue.size;
        },
        list: () =>
          queue.list().map(({ id, keptAt, isStored = false, data }) => {
            const [event, ...args] = data as [string, ...unknown[]];
            return { id, event, args, keptAt, isStored };
          }),
        clear: () => queue.clear(clearedError()),
      },
      emit(...data) {
        const { flags } = this;
        const { timeout = ackTimeout, takesError = timeout !== undefined } = flags;
        checkName(data[0]);
        const last: unknown = data[data.length - 1];
        const callback = typeof last === "function" ? (last as AckCallback) : undefined;
        const onAnswer = callback && !takesError ? withoutError(callback) : callback;
        const sent = callback ? data.slice(0, -1) : data;
        if (!queue.add(sent, flags, onAnswer)) onFull(data, onAnswer);
      },
      resume: () => queue.resume(),
      takeFrom(line) {
        for (const packet of line.sendBuffer.splice(0)) {
          const data = packet.data as unknown[];
          const settle: AckCallback = (...answer) => void line.settle(packet, ...answer);
          const onAnswer = packet.id === undefined ? undefined : settle;
          try {
            if (!queue.add(data, packet.options as EmitFlags, onAnswer)) onFull(data, onAnswer);
          } catch (error) {
            // It has been changed since it was emitted.
            if (!line.settle(packet, error as Error)) surface(error);
          }
        }
      },
    };
  };
