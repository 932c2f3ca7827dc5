// The messages of a room: each once, in order, whatever arrives twice or late.
import { expect, test } from "vitest";
import type { Message } from "../shared/events.ts";
import { historyLength } from "../shared/limits.ts";
import { Timeline } from "./timeline.ts";

const author = { id: "a", name: "Ada" };

function message(id: string, at: number): Message {
  return { id, room: "lobby", author, text: id, at, number: at };
}

function idsOf(timeline: Timeline): readonly string[] {
  return timeline.messages().map(({ id }) => id);
}

test("messages stand in the order of their times, each once", () => {
  const timeline = new Timeline();
  timeline.merge([message("b", 2)]);
  timeline.load([message("a", 1), message("b", 2), message("c", 3)]);
  timeline.merge([message("c", 3)]);
  expect(idsOf(timeline)).toEqual(["a", "b", "c"]);
});

test("the same id by another author is another message", () => {
  const timeline = new Timeline();
  timeline.merge([message("a", 1), { ...message("a", 2), author: { id: "b", name: "Bob" } }]);
  expect(idsOf(timeline)).toEqual(["a", "a"]);
});

test("after a restart the server's empty history takes nothing away", () => {
  const timeline = new Timeline();
  timeline.load([message("a", 1)]);
  timeline.load([]);
  expect(idsOf(timeline)).toEqual(["a"]);
});

test("a full history that continues nothing known replaces it, for messages are missing between", () => {
  const timeline = new Timeline();
  timeline.load([message("old", 1)]);
  const history = Array.from({ length: historyLength }, (_, index) =>
    message(`new ${index}`, index + 10),
  );
  timeline.load(history);
  expect(timeline.messages()).toEqual(history);
});

test("a draft waits until it is settled", () => {
  const timeline = new Timeline();
  timeline.wait({ id: "1", room: "lobby", text: "one" });
  timeline.wait({ id: "2", room: "lobby", text: "two" });
  timeline.settle("1");
  expect(timeline.drafts().map(({ draft }) => draft.text)).toEqual(["two"]);
});
