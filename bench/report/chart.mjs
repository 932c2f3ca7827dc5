// Bars as an SVG that reads on light and dark pages: how many times less CPU than the base, per scenario.
// Writes text only; measures nothing.

const WIDTH = 760;
const LEFT = 150;
const RIGHT = 70;
const TOP = 64;
const ROW = 30;
const BAR = 12;

/** Ink for pages of either kind; text takes the page's colour scheme. */
export const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .faint { fill: #57606a }
  .grid { stroke: #8c959f; stroke-opacity: .35 }
  .one { stroke: #57606a; stroke-dasharray: 3 3 }
  .ours { fill: #0969da }
  .other { fill: #8c959f }
  .mark { stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .faint { fill: #9198a1 } .one { stroke: #9198a1 }
    .ours { fill: #4493f8 } .other { fill: #656c76 } .mark { stroke: #ff7b72 }
  }`;

/**
 * Text as it may stand in XML.
 * @param {string} text
 */
export function escapeXml(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number} value ours, as a ratio to the base
 * @property {number} [other] the second series
 * @property {number} mark the floor
 */

/**
 * A bar for each scenario, with a thin one for a second series and a mark for the floor.
 * @param {readonly Bar[]} bars
 * @param {{ title: string, subtitle: string, ours: string, other: string }} texts
 */
export function barChart(bars, { title, subtitle, ours, other }) {
  const height = TOP + bars.length * ROW + 44;
  const most = Math.max(
    2,
    ...bars.flatMap(({ value, other: second = 0, mark }) => [value, second, mark]),
  );
  const scale = (WIDTH - LEFT - RIGHT) / most;
  const x = (/** @type {number} */ value) => (LEFT + value * scale).toFixed(1);
  const bottom = TOP + bars.length * ROW;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="16" y="24">${escapeXml(title)}</text>`,
    `<text class="faint" x="16" y="43">${escapeXml(subtitle)}</text>`,
  ];
  for (let tick = 0; tick <= most; tick++) {
    const kind = tick === 1 ? "one" : "grid";
    lines.push(
      `<line class="${kind}" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${bottom}"/>`,
    );
    lines.push(
      `<text class="faint" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`,
    );
  }
  for (const [index, { label, mark, other: second, value }] of bars.entries()) {
    const y = TOP + index * ROW;
    lines.push(`<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escapeXml(label)}</text>`);
    lines.push(
      `<rect class="ours" x="${LEFT}" y="${y + 1}" width="${(value * scale).toFixed(1)}" height="${BAR}"/>`,
    );
    if (second !== undefined) {
      lines.push(
        `<rect class="other" x="${LEFT}" y="${y + BAR + 2}" width="${(second * scale).toFixed(1)}" height="6"/>`,
      );
    }
    lines.push(
      `<line class="mark" x1="${x(mark)}" x2="${x(mark)}" y1="${y - 1}" y2="${y + BAR + 3}"/>`,
    );
    lines.push(
      `<text x="${(LEFT + Math.max(value, mark, second ?? 0) * scale + 6).toFixed(1)}" y="${y + 12}">${value.toFixed(1)}</text>`,
    );
  }
  const legend = bottom + 36;
  lines.push(
    `<rect class="ours" x="${LEFT}" y="${legend - 9}" width="12" height="10"/><text x="${LEFT + 17}" y="${legend}">${escapeXml(ours)}</text>`,
    `<rect class="other" x="${LEFT + 110}" y="${legend - 6}" width="12" height="6"/><text x="${LEFT + 127}" y="${legend}">${escapeXml(other)}</text>`,
    `<line class="mark" x1="${LEFT + 320}" x2="${LEFT + 320}" y1="${legend - 11}" y2="${legend + 2}"/><text x="${LEFT + 327}" y="${legend}">least wanted</text>`,
    "</svg>",
  );
  return `${lines.join("\n")}\n`;
}
