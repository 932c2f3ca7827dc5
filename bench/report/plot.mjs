// Lines over a logarithmic field as an SVG that reads on light and dark pages. Writes text only.

import { escapeXml, STYLE } from "./chart.mjs";

const WIDTH = 760;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 270;
const TOP = 56;
const BOTTOM = 48;
const LABEL_GAP = 15;
const COLOURS = [
  "#0969da",
  "#bf8700",
  "#1a7f37",
  "#cf222e",
  "#8250df",
  "#bc4c00",
  "#8c959f",
  "#bf3989",
];

/**
 * @typedef {object} Series
 * @property {string} name
 * @property {{ size: number, cost: number }[]} points
 */

/** @param {number} value */
function plain(value) {
  if (value >= 1_000_000) return `${value / 1_000_000} M`;
  return value >= 1000 ? `${value / 1000} k` : String(value);
}

/**
 * The powers of ten around some values.
 * @param {readonly number[]} values
 */
function decades(values) {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: Math.max(2, last - first + 1) }, (_, at) => 10 ** (first + at));
}

/**
 * Moves labels apart that would stand on each other.
 * @param {{ y: number }[]} labels
 */
function spread(labels) {
  labels.sort((a, b) => a.y - b.y);
  for (let at = 1; at < labels.length; at++) {
    const [above, below] = [labels[at - 1], labels[at]];
    if (above && below) below.y = Math.max(below.y, above.y + LABEL_GAP);
  }
}

/**
 * A line for each series, both axes logarithmic, labels at the right.
 * @param {readonly Series[]} series
 * @param {{ title: string, axis: string, unit: string }} texts
 */
export function linePlot(series, { axis, title, unit }) {
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ size }) => size)))];
  const rows = decades(series.flatMap(({ points }) => points.map(({ cost }) => cost)));
  const scale = (/** @type {number} */ value, /** @type {number[]} */ range) => {
    const [low, high] = [Math.log(Math.min(...range)), Math.log(Math.max(...range))];
    return (Math.log(value) - low) / (high - low);
  };
  const x = (/** @type {number} */ size) => LEFT + scale(size, sizes) * (WIDTH - LEFT - RIGHT);
  const y = (/** @type {number} */ cost) =>
    HEIGHT - BOTTOM - scale(cost, rows) * (HEIGHT - TOP - BOTTOM);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="16" y="24">${escapeXml(title)}</text>`,
    `<text class="faint" x="16" y="42">${escapeXml(unit)}</text>`,
  ];
  for (const row of rows) {
    const at = y(row).toFixed(1);
    lines.push(`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`);
    lines.push(
      `<text class="faint" x="${LEFT - 8}" y="${at}" dy="4" text-anchor="end">${plain(row)}</text>`,
    );
  }
  for (const size of sizes) {
    const at = x(size).toFixed(1);
    lines.push(
      `<text class="faint" x="${at}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${plain(size)}</text>`,
    );
  }
  lines.push(
    `<text class="faint" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeXml(axis)}</text>`,
  );
  const labels = series.map(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = points.map(({ cost, size }) => `${x(size).toFixed(1)},${y(cost).toFixed(1)}`);
    lines.push(
      `<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    );
    for (const point of path) {
      const [cx, cy] = point.split(",");
      lines.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`);
    }
    return { name, colour, y: y(points.at(-1)?.cost ?? 1) };
  });
  spread(labels);
  for (const { colour, name, y: at } of labels) {
    const left = WIDTH - RIGHT + 10;
    lines.push(`<circle cx="${left}" cy="${at.toFixed(1)}" r="4" fill="${colour}"/>`);
    lines.push(`<text x="${left + 9}" y="${at.toFixed(1)}" dy="4">${escapeXml(name)}</text>`);
  }
  return `${[...lines, "</svg>"].join("\n")}\n`;
}
