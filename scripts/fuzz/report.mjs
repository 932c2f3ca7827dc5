// What `npm run fuzz` prints.

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} inputs
 * @property {number} accepted
 * @property {number} refused
 * @property {number} crashes
 * @property {number} hangs
 * @property {number} slowestMs
 * @property {number} growth
 * @property {number} seconds
 */

const MOST_BYTES = 400;

/**
 * An input in hexadecimal digits; its parts are separated by spaces, and texts are UTF-8.
 * @param {readonly (string | Uint8Array)[]} input
 */
export function hexOf(input) {
  const parts = input.map((part) => {
    const bytes = Buffer.from(part);
    const rest = bytes.length - MOST_BYTES;
    return (
      bytes.subarray(0, MOST_BYTES).toString("hex") + (rest > 0 ? `… (${rest} bytes more)` : "")
    );
  });
  return parts.join(" ");
}

/**
 * The table, in Markdown.
 * @param {Row[]} rows
 */
export function tableOf(rows) {
  const sum = (/** @type {(row: Row) => number} */ of) =>
    rows.reduce((all, row) => all + of(row), 0);
  const lines = rows.map(
    (row) =>
      `| ${row.name} | ${row.inputs} | ${row.accepted} | ${row.refused} | ${row.crashes} | ${row.hangs} | ${Math.round(row.inputs / (row.seconds || 1))} | ${row.slowestMs.toFixed(1)} | ${(row.growth / 1024).toFixed(0)} |`,
  );
  const head = [
    "| surface | inputs | accepted | refused | crashes | hangs | a second | slowest, ms | memory growth, KiB |",
    "|---|---|---|---|---|---|---|---|---|",
  ];
  return {
    text: [...head, ...lines].join("\n"),
    inputs: sum(({ inputs }) => inputs),
    crashes: sum(({ crashes }) => crashes),
    hangs: sum(({ hangs }) => hangs),
  };
}
