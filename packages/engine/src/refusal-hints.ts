// What is probably behind a refused request, for the operator: at the point `requestRefused`, never in the answer.

import { withHelp } from "@sockeye/portable";
import type { RequestHead } from "./ports/http.ts";
import { type Refusal, RefusalCode } from "./refusals.ts";

const TEXTS: Readonly<Record<keyof typeof RefusalCode, string>> = {
  UNKNOWN_TRANSPORT:
    "the request is not of a client of Socket.IO, or the option transports does not have what it asks for",
  UNKNOWN_SID:
    "the session has ended, or is another process's: several processes behind one address need sticky sessions",
  BAD_HANDSHAKE_METHOD: "a handshake is a GET; a preflight of a browser needs the option cors",
  BAD_REQUEST: "an invalid header or parameter, or engine middleware that failed: see the context",
  FORBIDDEN:
    "allowRequest has refused it, or it came with cookies from a page whose origin the option cors does not allow",
  UNSUPPORTED_PROTOCOL_VERSION:
    "a client of Socket.IO 1 or 2: update it, or set allowEIO3: true to let both kinds connect",
};

const NAMES: Readonly<Record<number, keyof typeof RefusalCode>> = Object.fromEntries(
  Object.entries(RefusalCode).map(([name, code]) => [code, name as keyof typeof RefusalCode]),
);

/** What is probably behind a refusal, with its code by name. */
function hintForRefusal({ code }: Refusal): string {
  const name = NAMES[code] as keyof typeof RefusalCode;
  return withHelp(TEXTS[name], name);
}

/** What `requestRefused` publishes. */
export function refusedRequest(refused: Refusal, request: RequestHead): RefusedRequest {
  return { refusal: refused, request, hint: hintForRefusal(refused) };
}

/** A refused request with what is probably behind it. */
export interface RefusedRequest {
  readonly refusal: Refusal;
  readonly request: RequestHead;
  /** What is probably behind it. */
  readonly hint: string;
}
