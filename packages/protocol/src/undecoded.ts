// Events that a server passes on without decoding them: the beginning of their text is read, the rest is checked only.
// What it does not accept is no fault: the decoder takes the frame instead, and judges.

import type { Frame } from "./frame.ts";
import { JsonForm } from "./json-form.ts";
import { type DecodeLimits, MAX_DEPTH } from "./limits.ts";
import { isDeeperThan, mayNestDeeper } from "./nesting.ts";

const EVENT = "2";
const BINARY_EVENT = "5";
const ZERO = 0x30;
const NINE = 0x39;
const DASH = 0x2d;
const SLASH = 0x2f;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** The beginning of an event's text. */
export interface EventHead {
  readonly nsp: string;
  readonly event: string;
  /** Number of attachments, the frames that follow. */
  readonly attachments: number;
  /** Where the list of name and arguments begins. */
  readonly from: number;
}

/** The part of a codec that reads events without decoding them. */
export interface UndecodedEvents {
  /**
   * Reads the beginning of a frame. `null` when it is no event, when the event asks for an acknowledgement, or when it is
   * written in an unusual way: the decoder decides what it is.
   */
  headOf(frame: Frame): EventHead | null;
  /** Whether decoding would accept the text with any attachments. `false` also where that is uncertain. */
  isSound(text: string, head: EventHead): boolean;
}

/** Longer texts are parsed instead of scanned, so that a scan's buffer stays small. */
const LONGEST_SCANNED = 2 ** 20;
/** From this length on it is worth looking what kind of text it is. */
const SHORTEST_PROSE = 512;
const SAMPLES = 32;
const STRUCTURE = '",:[]{}';

/**
 * Whether most of a text is in long strings, from a few of its characters. The platform's JSON.parse reads those three
 * times as fast as a scan; everything else takes it twice to three times as long.
 */
function isProse(text: string, from: number): boolean {
  const length = text.length - from;
  if (length < SHORTEST_PROSE) return false;
  let found = 0;
  for (let count = 0; count < SAMPLES; count++) {
    const at = from + Math.floor((length * count) / SAMPLES);
    if (STRUCTURE.includes(text[at] as string)) found++;
  }
  // The bracket at the beginning is one of the samples.
  return found <= 2;
}

function isParsed(text: string, maxDepth: number): boolean {
  try {
    const data: unknown = JSON.parse(text);
    return !(mayNestDeeper(text, 0, maxDepth) && isDeeperThan(data, maxDepth));
  } catch {
    return false;
  }
}

// In a text of the right form, a brace directly before a quote cannot be in a string: the quote would end it. So each
// match is an object.
const PLACEHOLDER =
  /\{"_placeholder":true,"num":(0|[1-9]\d?)\}|\{"num":(0|[1-9]\d?),"_placeholder":true\}/g;

/**
 * Whether every placeholder names an attachment of its own. They must be written as all clients write them; `false`
 * when anything else in the text may be one.
 */
function arePlaceholdersSound(text: string, attachments: number): boolean {
  let named = 0;
  let count = 0;
  for (const [, first, second] of text.matchAll(PLACEHOLDER)) {
    const num = Number(first ?? second);
    if (num >= attachments || (named & (1 << num)) !== 0) return false;
    named |= 1 << num;
    count++;
  }
  // With an escape, the name may be written in other ways.
  return !text.includes("\\u") && occurrencesOf("_placeholder", text) === count;
}

function occurrencesOf(part: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count++;
  return count;
}

/**
 * The most attachments of an event that is not decoded: bits of a number mark those that have their place, and few of the largest
 * messages are not more than a decoder would keep.
 */
const MOST_ATTACHMENTS = 10;

/** Reads events of the JSON codec. */
export class UndecodedJson implements UndecodedEvents {
  readonly #form: JsonForm;
  readonly #maxDepth: number;
  readonly #maxAttachments: number;

  constructor({ maxAttachments, maxDepth = MAX_DEPTH }: DecodeLimits) {
    // The list of name and arguments is a level, too.
    this.#form = new JsonForm(maxDepth + 1);
    this.#maxDepth = maxDepth;
    this.#maxAttachments = Math.min(maxAttachments, MOST_ATTACHMENTS);
  }

  headOf(frame: Frame): EventHead | null {
    if (typeof frame !== "string") return null;
    let at = 1;
    let attachments = 0;
    if (frame[0] === BINARY_EVENT) {
      attachments = digitsAt(frame, 1);
      at = 1 + String(attachments).length;
      if (frame.charCodeAt(at++) !== DASH) return null;
      if (attachments < 1 || attachments > this.#maxAttachments) return null;
    } else if (frame[0] !== EVENT) return null;
    let nsp = "/";
    if (frame.charCodeAt(at) === SLASH) {
      const end = frame.indexOf(",", at);
      // The main namespace is written without its name.
      if (end <= at + 1) return null;
      nsp = frame.slice(at, end);
      at = end + 1;
    }
    if (frame.charCodeAt(at) !== OPEN_LIST || frame.charCodeAt(at + 1) !== QUOTE) return null;
    const end = frame.indexOf('"', at + 2);
    const behind = frame.charCodeAt(end + 1);
    if (end === -1 || (behind !== COMMA && behind !== CLOSE_LIST)) return null;
    const event = frame.slice(at + 2, end);
    return event.includes("\\") ? null : { nsp, event, attachments, from: at };
  }

  isSound(text: string, { attachments, from }: EventHead): boolean {
    const json = text.slice(from);
    const isValid =
      json.length > LONGEST_SCANNED || isProse(json, 0)
        ? isParsed(json, this.#maxDepth)
        : this.#form.accepts(json);
    return isValid && (attachments === 0 || arePlaceholdersSound(json, attachments));
  }
}

/** The number at `at`, of at most two digits; 0 when there is none. */
function digitsAt(text: string, at: number): number {
  let value = 0;
  for (let next = at; next < at + 2; next++) {
    const code = text.charCodeAt(next);
    if (!(code >= ZERO && code <= NINE)) break;
    value = 10 * value + code - ZERO;
  }
  return value;
}
