// Responses of the server as those of the web.

import { headerLines, type WebReply } from "@sockeye/server";

/** A response. An empty body is none, so that the platform adds no type. */
export function responseOf({ status, headers, body }: WebReply): Response {
  // The types of the web's platforms do not agree on what bytes are.
  const content = body.length === 0 ? null : (body as string);
  // A record is quicker than lines.
  const isPlain = Object.values(headers).every((value) => typeof value === "string");
  const lines = isPlain ? (headers as Record<string, string>) : headerLines(headers);
  // Cloudflare would compress what says that it is compressed.
  const init = { status, headers: lines, encodeBody: "manual" };
  return new Response(content, init);
}
