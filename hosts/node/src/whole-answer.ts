// Ends an HTTP response with header and body in one string. `ServerResponse.end(body)` writes them as two chunks, one
// of them empty, by `writev`: a seventh more CPU for a response on a kept-alive connection. Relies on Node keeping the
// header as text in `_header` until it is written, which is detected at the first response; otherwise, and when other
// code has replaced a method (compression, sessions, tracing), `end(body)` is used.

import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { LONGEST_STRING } from "@sockeye/websocket";

const { end, write, writeHead } = ServerResponse.prototype;

/** Whether the header can be extended, and is then written together with the body. */
function isHeaderText(): boolean {
  const written: string[] = [];
  const socket = new Duplex({
    decodeStrings: false,
    read() {},
    write(chunk: unknown, _encoding, callback) {
      written.push(String(chunk));
      callback();
    },
  });
  const response = new ServerResponse(new IncomingMessage(socket as Socket));
  response.assignSocket(socket as Socket);
  response.writeHead(200, { "content-length": "2" });
  const isAppended = append(response, "ok");
  response.end();
  response.detachSocket(socket as Socket);
  return isAppended && written.length === 1 && written[0]?.endsWith("\r\n\r\nok") === true;
}

function append(response: ServerResponse, text: string): boolean {
  const begun = response as unknown as { _header?: unknown };
  if (typeof begun._header !== "string") return false;
  begun._header += text;
  return true;
}

// Detected at the first response.
let isPossible: boolean | null = null;

/** Ends a response, after `writeHead`, with text of one byte per character. */
export function endWithText(response: ServerResponse, text: string): void {
  const isOurs =
    response.end === end &&
    response.write === write &&
    response.writeHead === writeHead &&
    response.req.method !== "HEAD" &&
    !response.strictContentLength &&
    text.length <= LONGEST_STRING;
  if (isOurs) {
    isPossible ??= isHeaderText();
    if (isPossible && append(response, text)) {
      response.end();
      return;
    }
  }
  response.end(text, "latin1");
}
