// Turns the results of the black-box suite into a table, a row for each feature, a column for each host; and those of the
// clients: a row for each client.

/** The outcome of one case on one host. */
export interface HostResult {
  readonly host: string;
  readonly feature: string;
  readonly passed: boolean;
}

/** The outcome of one scenario with one client on one host. */
export interface GridResult {
  readonly host: string;
  readonly client: string;
  readonly mode: string;
  readonly feature: string;
  readonly passed: boolean;
}

/** The table as Markdown, which is also readable on a console: the number of cases, or ✗ failed/all, or –. */
export function hostsTable(results: readonly HostResult[]): string {
  return gridOf(results, ({ feature }) => feature);
}

/** The same with clients as rows. */
export function clientsTable(results: readonly GridResult[]): string {
  return gridOf(results, ({ client }) => client);
}

function gridOf<Result extends { readonly host: string; readonly passed: boolean }>(
  results: readonly Result[],
  rowOf: (result: Result) => string,
): string {
  const hosts = [...new Set(results.map(({ host }) => host))];
  const rows = [...new Set(results.map(rowOf))];
  const of = (host: string, row?: string) =>
    results.filter((each) => each.host === host && (row === undefined || rowOf(each) === row));
  const lines = [
    ["", ...hosts],
    ...rows.map((row) => [row, ...hosts.map((host) => mark(of(host, row)))]),
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

function mark(results: readonly { readonly passed: boolean }[]): string {
  if (results.length === 0) return "–";
  const failed = results.filter(({ passed }) => !passed).length;
  return failed === 0 ? String(results.length) : `✗ ${failed}/${results.length}`;
}
