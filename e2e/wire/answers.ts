// The answers the tables of the wire suite state again and again.
import { expect } from "vitest";
import type { Answer } from "../kit/raw-http.ts";

const POLLING_HEADERS = {
  "content-type": "text/plain; charset=UTF-8",
  "cache-control": "no-store",
} as const;

/** A poll answered with these packets, and any further headers. */
export function pollAnswer(
  body: unknown,
  headers: Readonly<Record<string, unknown>> = {},
): unknown {
  return { status: 200, headers: { ...POLLING_HEADERS, ...headers }, body };
}

/** A POST that was taken. */
export const postOk: Answer = {
  status: 200,
  headers: { "content-type": "text/html", "cache-control": "no-store" },
  body: "ok",
};

/** A refusal of the engine over HTTP. */
export function refusal(code: number, message: string, status = 400): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, message }),
  };
}

/** An answer without body or headers worth stating. */
export function bare(status: number): Answer {
  return { status, headers: {}, body: "" };
}

/** The refusal of a WebSocket handshake, byte for byte. */
export function upgradeRefusal(message: string): string {
  const head = [
    "HTTP/1.1 400 Bad Request",
    "Connection: close",
    "Content-type: text/html",
    `Content-Length: ${Buffer.byteLength(message)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${message}`;
}

/** The open packet of a handshake; the order of its keys is part of what is checked. */
export function openPacket(
  upgrades: readonly string[],
  timing = { pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 },
): RegExp {
  const tail = JSON.stringify({ upgrades, ...timing }).slice(1);
  return new RegExp(`^0\\{"sid":"[\\w-]{20}",${tail.replaceAll(/[[\]{}]/g, "\\$&")}$`);
}

/** Any text that matches. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
