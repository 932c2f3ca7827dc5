// Whether a message about a session is what another server writes. What arrives from a broker may be anything; code behind
// this check relies on the types of members.

import type { Frame, FromHolder, ToHolder } from "./link.ts";

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members | null {
  return typeof value === "object" && value !== null ? (value as Members) : null;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isNumber(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

/** Whether a value has headers: texts, or lists of them where an answer has them. */
function areHeaders(value: unknown, areLists: boolean): boolean {
  const headers = membersOf(value);
  if (headers === null) return false;
  return Object.values(headers).every(
    (each) => isText(each) || (areLists && Array.isArray(each) && each.every(isText)),
  );
}

function isHead(value: unknown): boolean {
  const head = membersOf(value);
  if (head === null) return false;
  const { address, headers, method, secure, url } = head;
  return [address, method, url].every(isText) && isBoolean(secure) && areHeaders(headers, false);
}

const isAlways = (): boolean => true;

const CHECKS: ReadonlyMap<unknown, (message: Members) => boolean> = new Map(
  Object.entries({
    request: ({ head }: Members) => isHead(head),
    upgrade: ({ head }: Members) => isHead(head),
    abort: isAlways,
    opened: isAlways,
    up: ({ seq }: Members) => isNumber(seq),
    taken: ({ bytes }: Members) => isNumber(bytes),
    gone: ({ error }: Members) => error === undefined || isText(error),
    reply: ({ compress, headers, status }: Members) =>
      isNumber(status) && isBoolean(compress) && areHeaders(headers, true),
    cut: isAlways,
    accepted: ({ headers }: Members) => areHeaders(headers, true),
    refused: ({ text }: Members) => isText(text),
    down: ({ compress, seq }: Members) => isNumber(seq) && isBoolean(compress),
    end: ({ how }: Members) => how === "close" || how === "terminate",
  }),
);

/** Whether a value is a message; those of newer servers are none. */
export function isSessionMessage(value: unknown): value is FromHolder | ToHolder {
  const message = membersOf(value);
  return (
    message !== null && isNumber(message["id"]) && CHECKS.get(message["op"])?.(message) === true
  );
}

/** Whether a value is what a message carries. */
export function isBody(value: unknown): value is Frame | null {
  return value === null || isText(value) || value instanceof Uint8Array;
}
