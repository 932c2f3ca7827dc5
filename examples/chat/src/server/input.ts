// Checks everything that arrives from a page. What comes out of here has the right types, lengths
// and forms; what does not is refused. Keeps nothing and sends nothing.

import { createHash } from "node:crypto";
import type { Person } from "../shared/events.ts";
import {
  maxNameLength,
  maxPictureBytes,
  maxPictureSide,
  maxRoomNameLength,
  maxTextLength,
} from "../shared/limits.ts";
import { personNameFrom, roomNameFrom, textFrom } from "../shared/names.ts";
import { type PictureType, pictureTypeOf } from "../shared/picture-type.ts";
import { Refusal } from "./refusal.ts";

/** A draft that passed all checks. */
export interface CheckedDraft {
  readonly id: string;
  readonly room: string;
  readonly text: string;
  readonly picture?: CheckedPicture;
}

/** A picture that passed all checks. */
export interface CheckedPicture {
  readonly bytes: Uint8Array;
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

const hexId = /^[0-9a-f]{32}$/;

/** The person behind a connection's `auth`. The key stays secret: others only see its hash. */
export function personFrom(auth: unknown): Person {
  const { key, name } = fieldsOf(auth);
  if (typeof key !== "string" || !hexId.test(key)) {
    throw new Refusal("bad-person", "This page did not say who it is. Please reload it.");
  }
  const id = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return { id, name: checkedPersonName(name) };
}

/** A person's name, tidied. */
export function checkedPersonName(input: unknown): string {
  const name = typeof input === "string" ? personNameFrom(input) : undefined;
  if (name === undefined) {
    throw new Refusal("bad-person", `A name has 1 to ${maxNameLength} characters.`);
  }
  return name;
}

/** A room's name, tidied. */
export function checkedRoomName(input: unknown): string {
  const name = typeof input === "string" ? roomNameFrom(input) : undefined;
  if (name === undefined) {
    throw new Refusal(
      "bad-room",
      `A room's name has 1 to ${maxRoomNameLength} letters, digits, dashes or underscores.`,
    );
  }
  return name;
}

/** A message that may be posted: it has a text, a picture, or both. */
export function checkedDraft(input: unknown): CheckedDraft {
  const { id, room, text, picture } = fieldsOf(input);
  if (typeof id !== "string" || !hexId.test(id)) {
    throw new Refusal("bad-message", "The message has no proper id.");
  }
  if (typeof text !== "string" || text.length > maxTextLength) {
    throw new Refusal("bad-message", `A message has at most ${maxTextLength} characters.`);
  }
  const draft = { id, room: checkedRoomName(room), text: textFrom(text) };
  if (picture !== undefined && picture !== null) {
    return { ...draft, picture: checkedPicture(picture) };
  }
  if (draft.text === "") throw new Refusal("bad-message", "The message is empty.");
  return draft;
}

/** The id of a picture, which may well belong to none. */
export function checkedPictureId(input: unknown): string {
  if (typeof input !== "string") throw new Refusal("no-picture", "There is no such picture.");
  return input;
}

function checkedPicture(input: unknown): CheckedPicture {
  const { bytes, width, height } = fieldsOf(input);
  if (!(bytes instanceof Uint8Array)) {
    throw new Refusal("bad-picture", "The picture has no bytes.");
  }
  if (bytes.byteLength > maxPictureBytes) {
    throw new Refusal("bad-picture", `A picture has at most ${maxPictureBytes / 1024 ** 2} MB.`);
  }
  const type = pictureTypeOf(bytes);
  if (type === undefined) {
    throw new Refusal("bad-picture", "Only PNG, JPEG, GIF and WebP pictures can be sent.");
  }
  return { bytes, type, width: checkedSide(width), height: checkedSide(height) };
}

function checkedSide(input: unknown): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1) {
    if (input <= maxPictureSide) return input;
  }
  throw new Refusal("bad-picture", "The picture's width and height make no sense.");
}

function fieldsOf(input: unknown): Record<string, unknown> {
  return typeof input === "object" && input !== null ? { ...input } : {};
}
