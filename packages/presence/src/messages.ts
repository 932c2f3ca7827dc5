// What servers say to each other about the sessions that each of them holds. Every server counts the changes of its own
// sessions, so that the others see whether they have them all.

import type { Entry } from "./users.ts";

/** A message of a server about its own sessions, or a request for them. */
export type Message =
  /** A change: the number `v` is one more than that of the change before it. */
  | {
      readonly op: "change";
      readonly v: number;
      readonly set: readonly Entry[];
      readonly del: readonly string[];
    }
  /** All sessions after change `v`, in `of` parts, of which this is number `part`, from 0 on. */
  | {
      readonly op: "state";
      readonly v: number;
      readonly part: number;
      readonly of: number;
      readonly set: readonly Entry[];
    }
  /** With each heartbeat: the last change was number `v`. */
  | { readonly op: "digest"; readonly v: number }
  /** Asks for all sessions. */
  | { readonly op: "ask" };

/** The message in a value that another node has sent, or nothing: nodes of other versions may say other things. */
export function readMessage(value: object): Message | undefined {
  const { op, v } = value as { readonly op?: unknown; readonly v?: unknown };
  if (op === "ask") return { op };
  if (!Number.isSafeInteger(v)) return undefined;
  const message = value as Message & Record<string, unknown>;
  switch (op) {
    case "digest":
      return message;
    case "change":
      return isEntries(message["set"]) && isTexts(message["del"]) ? message : undefined;
    case "state":
      return isEntries(message["set"]) && isPart(message["part"], message["of"])
        ? message
        : undefined;
    default:
      return undefined;
  }
}

function isPart(part: unknown, of: unknown): boolean {
  return Number.isSafeInteger(part) && Number.isSafeInteger(of);
}

function isTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((text) => typeof text === "string");
}

function isEntries(list: unknown): boolean {
  return Array.isArray(list) && list.every(isEntry);
}

function isEntry(value: unknown): boolean {
  const { id, rooms, user } = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const areRooms = rooms === undefined || isTexts(rooms);
  return typeof id === "string" && typeof user === "string" && areRooms;
}
