// Lays rows out as a Markdown table that reads well on a terminal too.

/**
 * A table.
 * @param {readonly (readonly string[])[]} rows the first is the head; columns but the first are set right
 */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? "";
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${cells.join(" | ")} |`;
  });
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  lines.splice(1, 0, `| ${rule.join(" | ")} |`);
  return lines.join("\n");
}
