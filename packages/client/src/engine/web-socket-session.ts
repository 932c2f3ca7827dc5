// The session of the client that has WebSocket and nothing else: one session over one WebSocket, which is its own transport.
// What is sent leaves at once, so that it keeps nothing, and it has no listeners but its manager. The session with all that
// Engine.IO has is in engine.ts. A closure, because minifiers shorten the names of variables and not those of members.

import type { Frame } from "@sockeye/protocol";
import { after, type Cancel } from "../clock.ts";
import type { EngineOptions } from "../options.ts";
import { socketUrl } from "../short-address.ts";
import { type Carrier, type CloseDetails, transportError } from "../transports/transport.ts";
import type { WebSocketLike } from "../transports/web-socket.ts";
import type { Session } from "./session.ts";

const nothing = (): void => {};

/** A session over one WebSocket. It has not begun. */
export interface WebSocketSession extends Session, Carrier {
  /** Id of the session; `undefined` before the handshake and after the end. */
  id?: string | undefined;
  readyState: "opening" | "open" | "closed";
  readonly opts: EngineOptions;
}

/** Makes a session. `opts` name host and path already. */
export function webSocketSession(opts: EngineOptions): WebSocketSession {
  let socket: WebSocketLike | undefined;
  let patienceMs: number;
  /** When the server counts as gone, by the wall clock; NaN before the handshake, which is never over. */
  let deadline = Number.NaN;
  let stopTimer: Cancel = nothing;
  /** Of volatile packets sent in one microtask all but the first are dropped. */
  let hasSent = false;

  /** The one way out: everything is released first, then the end is notified. */
  const end = (reason: string, details?: CloseDetails | Error): void => {
    if (session.readyState === "closed") return;
    session.readyState = "closed";
    session.id = undefined;
    stopTimer();
    socket?.close();
    session.handler?.onclose(reason, details);
  };
  const fail = (description: unknown): void =>
    end("transport error", transportError("websocket error", { description }));
  const expire = (): void => end("ping timeout");

  const watch = (): void => {
    stopTimer();
    deadline = Date.now() + patienceMs;
    stopTimer = after(patienceMs, expire, opts);
  };

  const receive = ({ data: frame }: { data: Frame }): void => {
    if (session.readyState === "closed") return;
    const isText = typeof frame === "string";
    const type = isText ? frame[0] : "4";
    const data = isText ? frame.slice(1) : frame;
    try {
      if (type === "4") session.handler?.onmessage(data);
      else if (type === "2") {
        socket?.send("3");
        watch();
        session.handler?.onping();
      } else if (type === "0") {
        const { sid, pingInterval, pingTimeout } = JSON.parse(data as string);
        session.id = sid;
        session.readyState = "open";
        patienceMs = pingInterval + pingTimeout;
        watch();
        session.handler?.onopen();
      }
    } catch (error) {
      end("parse error", error as Error);
    }
  };

  const session: WebSocketSession = {
    opts,
    name: "websocket",
    readyState: "opening",
    get transport() {
      return session;
    },
    get writable() {
      return !!session.id && !hasSent;
    },
    get bufferedAmount() {
      return socket?.bufferedAmount;
    },
    open() {
      try {
        socket = Object.assign(new WebSocket(socketUrl(opts), opts.protocols ?? []), {
          binaryType: "arraybuffer",
        }) as WebSocketLike;
        socket.onmessage = receive;
        socket.onclose = (context: unknown) =>
          end("transport close", { description: "websocket connection closed", context });
        socket.onerror = fail;
      } catch (error) {
        // Later, so that the caller has listeners in place.
        queueMicrotask(() => fail(error));
      }
    },
    send(frame) {
      hasSent = true;
      queueMicrotask(() => {
        hasSent = false;
      });
      socket?.send(typeof frame === "string" ? `4${frame}` : frame);
    },
    close() {
      end("forced close");
    },
    hasPingExpired() {
      const isOverdue = Date.now() > deadline;
      if (isOverdue) queueMicrotask(expire);
      return isOverdue;
    },
    onPage({ type, persisted }) {
      if (session.hasPingExpired()) return;
      // The browser has cut the connections of a page that it kept for going back.
      if (persisted || (type === "offline" && opts.hostname !== "localhost")) {
        end("transport close", { description: "network connection lost" });
      }
    },
  };
  return session;
}
