// Refuses options of a wrong type. Checks only those whose wrong value would fail silently.

import { type Codec, codecOf, isCustomParser } from "@sockeye/protocol";
import { CHECKS } from "./checks.ts";
import { PUBLISHES } from "./diagnostics.ts";
import { clientTypeError } from "./errors.ts";
import { warnOfNames } from "./hints/option-names.ts";
import { type ManagerOptions, SETTINGS } from "./options.ts";

/** The types that an option may have, as `typeof` returns them; settings (options.ts) are not listed. */
const EXPECTED: Record<string, string> = {
  path: "string",
  query: "object string",
  auth: "object function",
  extraHeaders: "object",
  retries: "number",
  outbox: "object",
  ackTimeout: "number",
  maxSendBufferLength: "number",
};

/**
 * The options themselves. Refuses values that would otherwise be ignored silently.
 * @throws TypeError `ERR_OPTION`, whose message names the option and its types
 */
export function checked<Options extends object>(options: Options): Options {
  if (!CHECKS) return options;
  if (PUBLISHES) warnOfNames(options);
  for (const [name, value] of Object.entries(options)) {
    // Settings can be switched off by `false` as well as by a number.
    const expected = EXPECTED[name] ?? (name in SETTINGS ? "number boolean" : typeof value);
    // Socket.IO takes a number as text: karma's page has its timeout so.
    const isText = typeof value === "string" && value && expected[0] === "n";
    const given: unknown = isText ? Number(value) : value;
    if (given != null && (!expected.includes(typeof given) || Number.isNaN(given))) {
      throw clientTypeError("ERR_OPTION", `option ${name} must be: ${expected}`);
    }
  }
  return options;
}

/** The codec of the option `parser`, which may be a parser in Socket.IO's form; without the option, `usual`. */
export function chosenCodec(parser: ManagerOptions["parser"], usual: Codec): Codec {
  return parser && isCustomParser(parser) ? codecOf(parser) : (parser ?? usual);
}
