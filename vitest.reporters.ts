// What every vitest run reports: to the terminal, and to the file that `npm test` sums up.

type Reporter = "default" | ["json", { outputFile: string }];

/** The default reporter, and a JSON report when VITEST_REPORT names a file for it. */
export function reporters(): Reporter[] {
  const outputFile = process.env.VITEST_REPORT;
  return outputFile === undefined ? ["default"] : ["default", ["json", { outputFile }]];
}
