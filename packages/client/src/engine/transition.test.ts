// Every cell of the table of docs/spec/client.md: where a session goes from each state with each event.

import { expect, test } from "vitest";
import { cellsAfter } from "../../testing/spec-table.ts";
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

const cells = cellsAfter("client.md", "CL20");

test("CL20 the page has every state and every event", () => {
  expect([...new Set(cells.map(({ column }) => column))]).toEqual(Object.keys(STATES));
  expect([...new Set(cells.map(({ row }) => row))]).toEqual(Object.keys(EVENTS));
  expect(Object.keys(ENGINE_TRANSITIONS)).toEqual(Object.keys(STATES));
});

test.each(cells)("CL20 $column, $row: $text", ({ row, column, text }) => {
  expect(ENGINE_TRANSITIONS[column as EngineState][row as EngineEvent] ?? "–").toBe(text);
});
