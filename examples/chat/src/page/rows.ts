// Turns a timeline into the rows to show: dividers between days and at a restart of the server,
// and messages that know whether they continue the one above. A pure function.

import type { Message, Person } from "../shared/events.ts";
import { keyOf, type Timeline, type WaitingDraft } from "./timeline.ts";

/** One row of the log. Equal keys mean the same row, now and after any change. */
export type Row =
  | { readonly kind: "divider"; readonly key: string; readonly text: string }
  | MessageRow;

/** A message or a draft. */
export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly message: Pick<Message, "id" | "author" | "text" | "at" | "picture">;
  readonly isMine: boolean;
  readonly place: "starts-group" | "continues";
  readonly state: "sending" | "sent";
}

/** What the rows depend on besides the timeline. */
export interface RowsContext {
  readonly me: Person;
  /** When the server started, by its own clock. */
  readonly startedAt: number;
}

const groupMs = 5 * 60_000;
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** The rows of a timeline, oldest first. */
export function rowsOf(timeline: Timeline, { me, startedAt }: RowsContext): readonly Row[] {
  const rows: Row[] = [];
  let above: MessageRow["message"] | undefined;
  const add = (message: MessageRow["message"], state: MessageRow["state"]): void => {
    const dividers = dividersBetween(above, message, startedAt);
    rows.push(...dividers);
    const continues = dividers.length === 0 && above !== undefined && isGroup(above, message);
    rows.push({
      kind: "message",
      key: keyOf(message),
      message,
      isMine: message.author.id === me.id,
      place: continues ? "continues" : "starts-group",
      state,
    });
    above = message;
  };
  for (const message of timeline.messages()) add(message, "sent");
  for (const waiting of timeline.drafts()) add(messageFrom(waiting, me), "sending");
  return rows;
}

/** Hours and minutes, as the person's language writes them. */
export function timeOfDay(at: number): string {
  return clock.format(at);
}

function dividersBetween(
  above: MessageRow["message"] | undefined,
  message: MessageRow["message"],
  startedAt: number,
): Row[] {
  const dividers: Row[] = [];
  if (above !== undefined && above.at < startedAt && message.at >= startedAt) {
    const text = `The server was restarted at ${clock.format(startedAt)} and forgot what is above`;
    dividers.push({ kind: "divider", key: `restart ${startedAt}`, text });
  }
  const label = day.format(message.at);
  if (above === undefined || day.format(above.at) !== label) {
    const today = day.format(Date.now()) === label;
    dividers.push({ kind: "divider", key: `day ${label}`, text: today ? "Today" : label });
  }
  return dividers;
}

function isGroup(above: MessageRow["message"], message: MessageRow["message"]): boolean {
  return above.author.id === message.author.id && Math.abs(message.at - above.at) < groupMs;
}

// A picture on its way is known by the id of its draft: see PictureUrls.
function messageFrom({ draft, at }: WaitingDraft, author: Person): MessageRow["message"] {
  const { id, text, picture } = draft;
  if (picture === undefined) return { id, text, author, at };
  const { width, height } = picture;
  return { id, text, author, at, picture: { id, type: "", width, height } };
}
