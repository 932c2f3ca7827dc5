// A table of states as a picture: states in a row, transitions as arcs, forward above and backward below. Which states and
// events there are is the table's matter.

import { box, FAINT, LINE, picture, words } from "./svg.mjs";

/** @typedef {{ from: string, to: string, event: string }} Transition */

const GAP = 190;
const BOX = { width: 110, height: 40 };
const LEFT = 100;
const STEP = 66;
const LINE_HEIGHT = 15;

/**
 * The cells of the first table behind a mark: head, and rows with their cells.
 * @param {string} page
 * @param {string} mark
 * @returns {{ head: string[], rows: string[][] }}
 */
export function tableAfter(page, mark) {
  const start = page.indexOf(mark);
  const table = /\n\n((?:\|[^\n]*\n)+)/.exec(start < 0 ? "" : page.slice(start))?.[1];
  if (table === undefined) throw new Error(`no table behind ${mark}`);
  const [head = [], , ...rows] = table
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim().replaceAll(/[`*]/g, "")),
    );
  return { head, rows };
}

/** The state without what is only remembered beside it. @param {string} cell */
const stateOf = (cell) => cell.replace(/,.*| for .*/, "");

/**
 * The transitions of a table with states in its head and events at the left.
 * @param {{ head: string[], rows: string[][] }} table
 */
export function byColumns({ head, rows }) {
  const states = head.slice(1).map(stateOf);
  /** @type {Transition[]} */
  const found = rows.flatMap(([event = "", ...cells]) =>
    cells.map((cell, at) => ({
      from: states[at] ?? "",
      to: /^[·–]$/.test(cell) ? "" : stateOf(cell),
      event,
    })),
  );
  return { states: [...new Set(states)], transitions: found.filter(({ to }) => to !== "") };
}

/**
 * The transitions of a table with states at the left and events in its head, in which an arrow stands before a next state.
 * @param {{ head: string[], rows: string[][] }} table
 */
export function byRows({ head, rows }) {
  const states = rows.map(([state = ""]) => state);
  /** @type {Transition[]} */
  const transitions = rows.flatMap(([from = "", ...cells]) =>
    cells.flatMap((cell, at) =>
      [...cell.matchAll(/→ (\w+)/g)].map(([, to = ""]) => ({
        from,
        to,
        event: head[at + 1] ?? "",
      })),
    ),
  );
  return { states, transitions };
}

/**
 * @param {string} title
 * @param {{ states: string[], transitions: Transition[] }} table
 */
export function statesPicture(title, { states, transitions }) {
  /** @type {Map<string, Set<string>>} */
  const arcs = new Map();
  for (const { from, to, event } of transitions) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    arcs.set(key, (arcs.get(key) ?? new Set()).add(event));
  }
  const all = [...arcs].map(([key, events]) => {
    const [from = 0, to = 0] = key.split(" ").map((state) => states.indexOf(state));
    return { from, to, lines: [...events] };
  });
  const reach = (/** @type {boolean} */ isForward) =>
    Math.max(
      0,
      ...all
        .filter(({ from, to }) => to > from === isForward)
        .map(({ from, to, lines }) => Math.abs(to - from) * STEP + lines.length * LINE_HEIGHT),
    );
  const above = reach(true) + 30;
  const y = above + 20;
  const height = y + BOX.height + reach(false) + 40;
  const width = LEFT * 2 + (states.length - 1) * GAP;
  const parts = all.map(({ from, to, lines }) => arc({ from, to, lines, y }));
  const lines = parts.map(([line = ""]) => line);
  const labels = parts.map(([, label = ""]) => label);
  const boxes = states.map((state, at) =>
    box({ x: LEFT + at * GAP - BOX.width / 2, y, ...BOX }, state),
  );
  return picture({ width, height, title }, [...lines, ...labels, ...boxes]);
}

/**
 * The line and the events beside it.
 * @param {{ from: number, to: number, lines: string[], y: number }} arc
 */
function arc({ from, to, lines, y }) {
  const isForward = to > from;
  const side = isForward ? -1 : 1;
  const edge = isForward ? y : y + BOX.height;
  // Leaves at the side that it goes to, so that arcs in both directions do not meet.
  const [x1, x2] = [LEFT + from * GAP - side * 22, LEFT + to * GAP + side * 22];
  const span = Math.abs(to - from);
  const top = edge + side * span * STEP * 1.33;
  const apex = edge + side * span * STEP;
  const textY = isForward ? apex - 6 - (lines.length - 1) * LINE_HEIGHT : apex + 14;
  return [
    `<path d="M${x1} ${edge}C${x1} ${top} ${x2} ${top} ${x2} ${edge}" fill="none" stroke="${LINE}" marker-end="url(#tip)"/>`,
    words((x1 + x2) / 2, textY, { lines, fill: FAINT, size: 12, halo: true }),
  ];
}
