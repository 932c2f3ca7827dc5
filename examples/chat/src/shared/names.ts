// What people and rooms may be called. One rule for both sides, so that the page can say at once
// what the server would say a moment later.

import { maxNameLength, maxRoomNameLength } from "./limits.ts";

/** The room everybody starts in; it always exists. */
export const lobby = "lobby";

// Control characters, and the marks that turn the direction of the text after them.
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const roomName = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u;

/** A person's name as it will be shown, or `undefined` when `input` cannot be one. */
export function personNameFrom(input: string): string | undefined {
  const name = input.normalize("NFC").replace(invisible, " ").replace(/\s+/g, " ").trim();
  return name.length > 0 && name.length <= maxNameLength ? name : undefined;
}

/** A room's name as it will be shown ("Salmon Runs" becomes "salmon-runs"), or `undefined`. */
export function roomNameFrom(input: string): string | undefined {
  const name = input.normalize("NFC").trim().replace(/^#/, "").replace(/\s+/g, "-").toLowerCase();
  return name.length <= maxRoomNameLength && roomName.test(name) ? name : undefined;
}

/** A message's text as it will be shown: no invisible tricks, line ends as `\n`, ends trimmed. */
export function textFrom(input: string): string {
  return input
    .replace(/\r\n?/g, "\n")
    .replace(invisible, (character) => (character === "\n" || character === "\t" ? character : ""))
    .trim();
}
