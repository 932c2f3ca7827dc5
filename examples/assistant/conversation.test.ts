// How events change what a page shows of a conversation.

import { expect, test } from "vitest";
import { type Change, type Conversation, changed, EMPTY } from "./conversation.ts";
import type { Turn } from "./events.ts";

const asked: Turn = { id: "1", from: "person", text: "Why?", isGrowing: false };
const answer: Turn = { id: "1-answer", from: "assistant", text: "Be", isGrowing: true };
const after = (...changes: Change[]): Conversation => changes.reduce(changed, EMPTY);
const known: Change = { kind: "conversation", turns: [asked, answer] };
const piece = (at: number, text: string): Change => ({ kind: "piece", id: answer.id, at, text });

test("pieces in order make the text, and the last event ends it", () => {
  const { turns, hasGap } = after(known, piece(2, "cau"), piece(5, "se"), {
    kind: "done",
    id: answer.id,
  });
  expect([turns[1], hasGap]).toEqual([{ ...answer, text: "Because", isGrowing: false }, false]);
});

test("a piece that came with the whole conversation is not shown twice", () => {
  expect(after(known, piece(0, "Be")).turns[1]?.text).toBe("Be");
});

test("a missed piece, or one of an unknown answer, is a gap, until the whole conversation comes", () => {
  expect(after(known, piece(9, "late")).hasGap).toBe(true);
  expect(after(piece(0, "Be")).hasGap).toBe(true);
  expect(after(known, piece(9, "late"), known).hasGap).toBe(false);
});

test("a question waits until the server has it, and stands there once", () => {
  const ask: Change = { kind: "asked", questions: [asked] };
  expect(after(ask, ask).waiting).toEqual([asked]);
  expect(after(ask, { kind: "turn", turn: asked })).toEqual({ ...EMPTY, turns: [asked] });
  expect(after(ask, known).waiting).toEqual([]);
  expect(after(known, ask).waiting).toEqual([]);
});
