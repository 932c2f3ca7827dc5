// From messages to rows: what hangs together and what divides.
import { expect, test } from "vitest";
import type { Message } from "../shared/events.ts";
import { rowsOf } from "./rows.ts";
import { Timeline } from "./timeline.ts";

const ada = { id: "a", name: "Ada" };
const bob = { id: "b", name: "Bob" };
const noon = new Date(2026, 5, 1, 12).getTime();
const minute = 60_000;

function message(id: string, author: Message["author"], at: number): Message {
  return { id, room: "lobby", author, text: id, at, number: 1 };
}

function shortFormOf(messages: readonly Message[], startedAt = 0): readonly string[] {
  const timeline = new Timeline();
  timeline.merge(messages);
  return rowsOf(timeline, { me: ada, startedAt }).map((row) =>
    row.kind === "divider" ? row.text : `${row.place} ${row.message.text}`,
  );
}

test("messages of one person hang together for a few minutes, on one day", () => {
  const rows = shortFormOf([
    message("1", ada, noon),
    message("2", ada, noon + minute),
    message("3", bob, noon + 2 * minute),
    message("4", ada, noon + 3 * minute),
    message("5", ada, noon + 9 * minute),
    message("6", ada, noon + 24 * 60 * minute),
  ]);
  expect(rows.filter((row) => /^(starts-group|continues) /.test(row))).toEqual([
    "starts-group 1",
    "continues 2",
    "starts-group 3",
    "starts-group 4",
    "starts-group 5",
    "starts-group 6",
  ]);
  expect(rows).toHaveLength(8);
});

test("a restart of the server is marked, once, where it happened", () => {
  const messages = [message("1", ada, noon), message("2", ada, noon + 2 * minute)];
  const rows = shortFormOf(messages, noon + minute);
  expect(rows[2]).toMatch(/^The server was restarted/);
  expect(rows.slice(1, 2).concat(rows.slice(3))).toEqual(["starts-group 1", "starts-group 2"]);
  expect(shortFormOf(messages, noon - minute)).toHaveLength(3);
});

test("drafts come last, and are one's own", () => {
  const timeline = new Timeline();
  timeline.wait({ id: "9", room: "lobby", text: "draft" });
  timeline.merge([message("1", bob, Date.now() + 60 * minute)]);
  const rows = rowsOf(timeline, { me: ada, startedAt: 0 });
  expect(rows.at(-1)).toMatchObject({ key: "a/9", isMine: true, state: "sending" });
});
