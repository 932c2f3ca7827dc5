// Turns the results of the black-box suite into a table: a row for each feature, a column for each host.

/** The outcome of one case on one host. */
export interface HostResult {
  readonly host: string;
  readonly feature: string;
  readonly passed: boolean;
}

/** The table as Markdown, which is also readable on a console: the number of cases, or ✗ failed/all, or –. */
export function hostsTable(results: readonly HostResult[]): string {
  const hosts = [...new Set(results.map(({ host }) => host))];
  const features = [...new Set(results.map(({ feature }) => feature))];
  const of = (host: string, feature?: string) =>
    results.filter((each) => each.host === host && (feature ?? each.feature) === each.feature);
  const lines = [
    ["", ...hosts],
    ...features.map((feature) => [feature, ...hosts.map((host) => mark(of(host, feature)))]),
    ["all", ...hosts.map((host) => mark(of(host)))],
  ];
  const widths = ["", ...hosts].map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]): string =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = lines;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [print(head), rule, ...body.map(print)].join("\n");
}

function mark(results: readonly HostResult[]): string {
  if (results.length === 0) return "–";
  const failed = results.filter(({ passed }) => !passed).length;
  return failed === 0 ? String(results.length) : `✗ ${failed}/${results.length}`;
}
