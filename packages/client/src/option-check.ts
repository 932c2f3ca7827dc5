// Refuses wrong options before they do harm. Only those whose wrong value would fail silently are looked at.

import { type Codec, codecOf, isCustomParser } from "@sockeye/protocol";
import { type ManagerOptions, SETTINGS } from "./options.ts";

/** What the options that are no settings must be, as `typeof` says it. */
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
 * Refuses values that would otherwise be ignored, or change nothing, without a word.
 * @throws TypeError naming the option and what it must be
 */
export function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    // Settings can be switched off by `false` as well as by a number.
    const expected = EXPECTED[name] ?? (name in SETTINGS ? "number boolean" : typeof value);
    if (value != null && (!expected.includes(typeof value) || Number.isNaN(value))) {
      throw new TypeError(`option ${name} must be: ${expected}`);
    }
  }
}

/**
 * The codec that the options ask for, which may be a parser in Socket.IO's form, else `usual`.
 * @throws TypeError as `checkOptions` does
 */
export function chosenCodec(options: ManagerOptions, usual: Codec): Codec {
  checkOptions(options);
  const { parser = usual } = options;
  return isCustomParser(parser) ? codecOf(parser) : parser;
}
