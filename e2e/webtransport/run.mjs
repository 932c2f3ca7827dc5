// `npm run matrix:webtransport`: every scenario in both browsers that have WebTransport, with both clients, and the table of
// docs/site/guides/webtransport.md. Needs Chromium, Firefox and Deno, and a minute, so that it is no part of `npm test`.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runModule } from "../../scripts/run-program.mjs";

const GUIDE = join(import.meta.dirname, "../../docs/site/guides/webtransport.md");
const TABLE = /(<!-- matrix -->\n)[\s\S]*?(<!-- end of the matrix -->)/;
const COLUMNS = [
  ["chromium", "ours"],
  ["chromium", "stock"],
  ["firefox", "ours"],
  ["firefox", "stock"],
].map((names) => names.join(" "));
/** @type {Readonly<Record<string, string>>} */
const RESULTS = { passed: "works", failed: "**fails**" };

const folder = mkdtempSync(join(tmpdir(), "matrix-"));
try {
  const report = join(folder, "report.json");
  process.exitCode = await runModule(
    "vitest/vitest.mjs",
    ["run", "--project", "e2e", "webtransport/"],
    { env: { ...process.env, WEBTRANSPORT: "all", VITEST_REPORT: report } },
  );
  writeTable(JSON.parse(readFileSync(report, "utf8")));
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} report */
function writeTable({ testResults }) {
  /** @type {Map<string, Map<string, string>>} */
  const rows = new Map();
  for (const { ancestorTitles, status, title } of testResults.flatMap(
    (each) => each.assertionResults,
  )) {
    const name = title.replace(/^[A-Z]+\d+ /, "");
    const row = rows.get(name) ?? new Map();
    row.set(ancestorTitles.filter((each) => each !== "").join(" "), RESULTS[status] ?? "not tried");
    rows.set(name, row);
  }
  const head = [
    "| | Chromium, ours | Chromium, Socket.IO's | Firefox, ours | Firefox, Socket.IO's |",
    "|---|---|---|---|---|",
  ];
  const lines = [...rows].map(([name, row]) => {
    const cells = COLUMNS.map((column) => row.get(column) ?? "not tried");
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  const guide = readFileSync(GUIDE, "utf8");
  writeFileSync(GUIDE, guide.replace(TABLE, `$1${[...head, ...lines].join("\n")}\n$2`));
}
