// Boxes, arrows and words as text of SVG, on a ground of their own, so that they can be read on light and dark pages.

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
export const INK = "#1f2328";
export const FAINT = "#59636e";
export const LINE = "#0b6e5f";

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * A picture.
 * @param {{ width: number, height: number, title: string }} size
 * @param {string[]} parts
 */
export function picture({ width, height, title }, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${LINE}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/**
 * Lines of text, the first at y.
 * @param {number} x
 * @param {number} y
 * @param {{ lines: string[], anchor?: string, fill?: string, bold?: boolean, size?: number, halo?: boolean }} text
 * with `halo` on a ground of its own, where lines cross it
 */
export function words(x, y, text) {
  const { lines, anchor = "middle", fill = INK, bold = false, size = 13, halo = false } = text;
  const weight = bold ? ' font-weight="600"' : "";
  const ground = halo ? ' stroke="#ffffff" stroke-width="5" paint-order="stroke"' : "";
  return lines
    .map(
      (line, at) =>
        `<text x="${x}" y="${y + at * (size + 3)}" text-anchor="${anchor}" fill="${fill}" font-size="${size}"${weight}${ground}>${escaped(line)}</text>`,
    )
    .join("\n");
}

/**
 * A box with its name in the middle.
 * @param {{ x: number, y: number, width: number, height: number }} at
 * @param {string} name
 * @param {string} [fill]
 */
export function box({ x, y, width, height }, name, fill = "#e6f4f1") {
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${LINE}"/>`,
    words(x + width / 2, y + height / 2 + 5, { lines: [name], bold: true }),
  ].join("\n");
}
