// Every cell of the table of docs/spec/client.md, which docs/architecture.md has as well: where a session goes from each state with each event.

import { expect, test } from "vitest";
import { cellsAfter } from "../../testing/page-table.ts";
import { ENGINE_TRANSITIONS, type EngineEvent, type EngineState } from "./transition.ts";

const STATES: Record<EngineState, true> = {
  idle: true,
  opening: true,
  open: true,
  left: true,
  closing: true,
  closed: true,
};
const EVENTS: Record<EngineEvent, true> = {
  open: true,
  opened: true,
  restart: true,
  leave: true,
  drain: true,
  end: true,
};

const cells = cellsAfter("spec/client.md", "**CL20**");

test("CL20 the page has every state and every event", () => {
  expect([...new Set(cells.map(({ column }) => column))]).toEqual(Object.keys(STATES));
  expect([...new Set(cells.map(({ row }) => row))]).toEqual(Object.keys(EVENTS));
  expect(Object.keys(ENGINE_TRANSITIONS)).toEqual(Object.keys(STATES));
});

test.each(cells)("CL20 $column, $row: $text", ({ row, column, text }) => {
  expect(ENGINE_TRANSITIONS[column as EngineState][row as EngineEvent] ?? "–").toBe(text);
});

test("CL20 the page of the architecture has the same table", () => {
  const there = cellsAfter("architecture.md", "A session follows");
  const turned = there.map(({ row, column, text }) => ({ row: column, column: row, text }));
  expect(new Set(turned.map((cell) => JSON.stringify(cell)))).toEqual(
    new Set(cells.map((cell) => JSON.stringify(cell))),
  );
});
