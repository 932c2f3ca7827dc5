// The responses that cases expect again and again, and responses reduced to what cases compare.

import type { Response } from "./clients.ts";

/** What is compared of a response: status, end-to-end headers, body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Headers that belong to the network connection, the clock or the runtime. */
const NOT_COMPARED = new Set([
  ...["date", "connection", "keep-alive", "transfer-encoding", "server", "uwebsockets"],
]);

/** Reduces a response. A Content-Length that is right is left out; one that is wrong is kept, and fails the case. */
export function answerOf({ status, headers, body, text }: Response): Answer {
  const isRight = body.byteLength === 0 || headers["content-length"] === String(body.byteLength);
  const kept = Object.entries(headers).filter(
    ([name]) => !NOT_COMPARED.has(name) && !(isRight && name === "content-length"),
  );
  return { status, headers: Object.fromEntries(kept), body: withoutIds(text) };
}

/** A text with `SID` and `PID` in the place of ids that have the form of ids. */
export function withoutIds(text: string): string {
  return text
    .replaceAll(/"sid":"[\w-]{20}"/g, '"sid":"SID"')
    .replaceAll(/"pid":"[\w-]{16,}"/g, '"pid":"PID"');
}

const POLLING_HEADERS = {
  "content-type": "text/plain; charset=UTF-8",
  "cache-control": "no-store",
} as const;

/** A poll answered with these packets, and further headers. */
export function pollAnswer(body: string, headers: Readonly<Record<string, unknown>> = {}): Answer {
  return { status: 200, headers: { ...POLLING_HEADERS, ...headers }, body };
}

/** A POST that was accepted. */
export const postOk: Answer = {
  status: 200,
  headers: { "content-type": "text/html", "cache-control": "no-store" },
  body: "ok",
};

/** A refusal of the engine over HTTP. */
export function refusal(code: number, message: string, status = 400): Answer {
  const body = JSON.stringify({ code, message });
  return { status, headers: { "content-type": "application/json" }, body };
}

/** A response without a body and without headers that are compared. */
export function bare(status: number): Answer {
  return { status, headers: {}, body: "" };
}

/** The response for paths that are not the server's: the host's program sends it. */
export const notHere: Pick<Answer, "status" | "body"> = { status: 404, body: "not here" };

/** The open packet of a handshake. The order of its keys is part of what is compared. */
export function openPacket(
  upgrades: readonly string[],
  timing: object = { pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 },
): string {
  return `0${JSON.stringify({ sid: "SID", upgrades, ...timing })}`;
}

/** The head of a WebSocket handshake, as bytes for a TCP connection. */
export function handshakeHead(path: string, extra: readonly string[] = []): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...extra,
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
