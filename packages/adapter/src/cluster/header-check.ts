// Whether a header is what another node writes. What arrives from a broker may be anything, and code behind this check relies
// on the types of members. Kinds and members that are not known are let through: newer nodes may have them.

import type { Header } from "./intents.ts";

type Members = Readonly<Record<string, unknown>>;

/** The members of an object; `null` for anything else. */
export function membersOf(value: unknown): Members | null {
  return typeof value === "object" && value !== null ? (value as Members) : null;
}

/** Whether a value is absent, or a list. */
export function isListOrAbsent(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isMembersOrAbsent(value: unknown): boolean {
  return value === undefined || membersOf(value) !== null;
}

function isTarget(value: unknown): boolean {
  const target = membersOf(value);
  return target !== null && isListOrAbsent(target["rooms"]) && isListOrAbsent(target["except"]);
}

function isIntent(value: unknown): boolean {
  const intent = membersOf(value);
  switch (intent?.["kind"]) {
    case "event":
      return (
        isTarget(intent["target"]) && isMembersOrAbsent(intent["flags"]) && isMarkOrAbsent(intent)
      );
    case "join":
    case "leave":
      return isTarget(intent["target"]) && Array.isArray(intent["change"]);
    case "disconnect":
      return isTarget(intent["target"]);
    case "gap":
      return Number.isSafeInteger(intent["missed"]);
    default:
      return isText(intent?.["kind"]);
  }
}

function isMarkOrAbsent({ codec, mark }: Members): boolean {
  return (codec === undefined || isText(codec)) && (mark === undefined || isText(mark));
}

function isRequest(value: unknown): boolean {
  const request = membersOf(value);
  if (request === null || !isPointOrAbsent(request["after"])) return false;
  switch (request["kind"]) {
    case "ask":
      return (
        isTarget(request["target"]) &&
        isMembersOrAbsent(request["flags"]) &&
        Number.isFinite(request["wait"])
      );
    case "fetch":
      return isTarget(request["target"]);
    case "evict":
      return isText(request["pid"]);
    default:
      return isText(request["kind"]);
  }
}

function isPointOrAbsent(value: unknown): boolean {
  if (value === undefined) return true;
  const point = membersOf(value);
  return point !== null && isText(point["epoch"]) && Number.isSafeInteger(point["offset"]);
}

const CHECKS: Readonly<Record<string, (header: Members) => boolean>> = {
  hello: ({ codec }) => isText(codec),
  beat: ({ codec }) => isText(codec),
  welcome: ({ codec, last }) => isText(codec) && Number.isSafeInteger(last),
  do: ({ intent, nsp }) => isText(nsp) && isIntent(intent),
  request: ({ id, nsp, request }) => isText(nsp) && Number.isSafeInteger(id) && isRequest(request),
  answer: ({ answer, id }) => Number.isSafeInteger(id) && isText(membersOf(answer)?.["kind"]),
  channel: ({ channel, message, nsp }) =>
    isText(nsp) && isText(channel) && membersOf(message) !== null,
  "channel to one": ({ channel, message, nsp }) =>
    isText(nsp) && isText(channel) && membersOf(message) !== null,
  session: ({ message }) => membersOf(message) !== null,
};

/** Whether a value is a header. */
export function isHeader(value: unknown): value is Header {
  const header = membersOf(value);
  if (header === null) return false;
  const { from, kind } = header;
  if (typeof from !== "string" || typeof kind !== "string") return false;
  return !Object.hasOwn(CHECKS, kind) || CHECKS[kind]?.(header) === true;
}
