// The way of one message as a picture: a lane for each part that it passes, a step for each row of the table in
// docs/architecture.md.

import { box, FAINT, INK, LINE, picture, words } from "./svg.mjs";

const LANE = 122;
const STEP = 46;
const TOP = 70;
const LEFT = 40;
const TEXT = 430;
const LONGEST = 62;

/**
 * @param {{ rows: string[][] }} table number, where, what happens
 */
export function messagePicture({ rows }) {
  const steps = rows.map(([, where = "", what = ""]) => ({
    lane: laneOf(where),
    what: short(what),
  }));
  const lanes = [...new Set(steps.map(({ lane }) => lane))];
  const x = (/** @type {string} */ lane) => LEFT + lanes.indexOf(lane) * LANE + LANE / 2;
  const right = LEFT + lanes.length * LANE + 20;
  const height = TOP + steps.length * STEP + 20;
  const width = right + TEXT;
  const heads = lanes.map((lane) =>
    [
      `<line x1="${x(lane)}" y1="52" x2="${x(lane)}" y2="${height - 16}" stroke="#d1d9e0"/>`,
      box({ x: x(lane) - 54, y: 18, width: 108, height: 34 }, lane),
    ].join("\n"),
  );
  const points = steps.map(({ lane }, at) => ({ x: x(lane), y: TOP + at * STEP + 14 }));
  const way = `<polyline points="${points.map((point) => `${point.x},${point.y}`).join(" ")}" fill="none" stroke="${LINE}" stroke-width="2"/>`;
  const marks = steps.map(({ what }, at) => {
    const { x: cx = 0, y: cy = 0 } = points[at] ?? {};
    return [
      `<circle cx="${cx}" cy="${cy}" r="11" fill="#ffffff" stroke="${LINE}" stroke-width="2"/>`,
      words(cx, cy + 4, { lines: [String(at + 1)], size: 11, bold: true }),
      words(right, cy + 4, { lines: [`${at + 1}`], anchor: "end", fill: FAINT, size: 12 }),
      words(right + 10, cy + 4, { lines: [what], anchor: "start", fill: INK, size: 12 }),
    ].join("\n");
  });
  return picture({ width, height, title: "The way of one message" }, [...heads, way, ...marks]);
}

/** The first word: the part in which the step happens. @param {string} where */
function laneOf(where) {
  if (where.startsWith("the ")) return "wire";
  if (where.startsWith("your ")) return "application";
  return where.replace(/^hosts\//, "").split(" ")[0] ?? "";
}

/** @param {string} what */
function short(what) {
  const text = what.split(/[;:]/)[0]?.trim() ?? "";
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;
}
