// The connections between parents and workers that Node has: child processes, which workers of node:cluster are as
// well, and threads.

import type { ChildProcess } from "node:child_process";
import { parentPort, type Worker as Thread } from "node:worker_threads";
import { type IpcMessage, marked, unmarked } from "./ipc.ts";
import type { ParentPort } from "./ipc-bus.ts";
import type { Relay, RelayPort } from "./relay.ts";

/** This worker's connection with its parent; nothing when it has none. */
export function findParent(): ParentPort | null {
  if (process.send !== undefined) return parentProcess;
  return parentPort === null ? null : parentThread(parentPort);
}

const parentProcess: ParentPort = {
  needsText: true,
  send(message) {
    if (!process.connected) throw new Error("the parent process is gone");
    // What fails later (the channel closes) is noticed by `disconnect`.
    process.send?.(marked(message), undefined, undefined, () => {});
  },
  listen(onMessage, onEnd) {
    const listener = (arrived: unknown): void => {
      const message = unmarked(arrived);
      if (message !== undefined) onMessage(message);
    };
    process.on("message", listener);
    process.on("disconnect", onEnd);
    return () => {
      process.off("message", listener);
      process.off("disconnect", onEnd);
    };
  },
};

function parentThread(port: NonNullable<typeof parentPort>): ParentPort {
  return {
    needsText: false,
    send: (message) => port.postMessage(marked(message)),
    listen(onMessage, onEnd) {
      const listener = (arrived: unknown): void => {
        const message = unmarked(arrived);
        if (message !== undefined) onMessage(message);
      };
      port.on("message", listener);
      port.on("close", onEnd);
      return () => {
        port.off("message", listener);
        port.off("close", onEnd);
      };
    },
  };
}

/** A child process, or a worker of node:cluster. */
export type Child = Pick<ChildProcess, "connected" | "on" | "send">;

/** Relays for a child process. */
export function relayProcess(relay: Relay, child: Child): void {
  connect(relay, child, {
    send(message) {
      if (child.connected) child.send(marked(message), () => {});
    },
  });
}

/** Relays for a thread. */
export function relayThread(relay: Relay, thread: Pick<Thread, "on" | "postMessage">): void {
  connect(relay, thread, { send: (message: IpcMessage) => thread.postMessage(marked(message)) });
}

/** The two events that both kinds have. */
interface Source {
  on(event: "message", listener: (arrived: unknown) => void): unknown;
  on(event: "exit", listener: () => void): unknown;
}

function connect(relay: Relay, source: unknown, port: RelayPort): void {
  const { on } = source as Source;
  const listen = on.bind(source) as Source["on"];
  listen("message", (arrived: unknown) => {
    const message = unmarked(arrived);
    if (message !== undefined) relay.onMessage(port, message);
  });
  listen("exit", () => relay.onExit(port));
}
