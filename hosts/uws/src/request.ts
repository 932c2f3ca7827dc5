// A request of uWebSockets.js, for the head that the layers above read.

import { type TransientPlan, TransientRequest } from "@sockeye/server";
import type { UwsRequest, UwsResponse } from "./uws.ts";

/** Before an IPv4 address on a port that takes both kinds. */
const MAPPED = "0000:0000:0000:0000:0000:ffff:";

/** The client's address as Node writes it; uWebSockets.js writes all digits of IPv6. */
function addressOf(response: UwsResponse): string {
  const text = Buffer.from(response.getRemoteAddressAsText()).toString();
  if (!text.includes(":")) return text;
  if (!text.startsWith(MAPPED)) return new URL(`http://[${text}]`).hostname.slice(1, -1);
  const digits = Buffer.from(text.slice(MAPPED.length).replace(":", ""), "hex");
  return `::ffff:${digits.join(".")}`;
}

/** Reads a request within its handler. `isWhole`: any of it may be asked for before the answer. */
export function requestOf(
  request: UwsRequest,
  response: UwsResponse,
  { isWhole, isUpgrade, secure }: Pick<TransientPlan, "isUpgrade" | "isWhole" | "secure">,
): TransientRequest {
  const query = request.getQuery() ?? "";
  const url = query === "" ? request.getUrl() : `${request.getUrl()}?${query}`;
  const isFirst = !query.includes("sid=");
  const remoteAddress = isWhole || isFirst || isUpgrade ? addressOf(response) : "";
  const method = request.getCaseSensitiveMethod();
  // Not spread: V8 would make a hidden class for each, which outlive their objects.
  const plan = { method, url, secure, remoteAddress, isFirst, isWhole, isUpgrade };
  return new TransientRequest(plan, request);
}
