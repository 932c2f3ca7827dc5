// Where a message sends its reader: the page that has an entry for each code. The one place that names the page.

/** The page, as it is called in the repository. */
export const HELP_PAGE = "docs/site/troubleshooting.md";

/** Adds to a text its code, and where the page says more of it. */
export function withHelp(text: string, code: string): string {
  return `${text} (${code}, see ${HELP_PAGE}#${code.toLowerCase()})`;
}
