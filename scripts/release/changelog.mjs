// Reads and writes the sections of CHANGELOG.md: one for each version, and one for what is not released. Knows no file
// system.

const UNRELEASED = "Unreleased";
/** The headings that a summary may begin with, as in "Fixed: …"; the others go under the first of these. */
const KINDS = ["Changed", "Added", "Fixed", "Removed", "Deprecated", "Security"];

/**
 * The text below the heading of a version; undefined when there is no such heading.
 * @param {string} changelog
 * @param {string} [version] without it, what is not released
 */
export function sectionOf(changelog, version = UNRELEASED) {
  const heading = `## ${version}`;
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => line === heading || line.startsWith(`${heading} `));
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const end = length < 0 ? lines.length : start + 1 + length;
  return lines
    .slice(start + 1, end)
    .join("\n")
    .trim();
}

/**
 * The changelog in which everything that was not released is under a version.
 * @param {string} changelog
 * @param {{ version: string, date: string, summaries: string[] }} release `summaries`: what changesets say, one each
 * @returns {string}
 * @throws Error when it has that version already, or no place for what is not released
 */
export function withRelease(changelog, { version, date, summaries }) {
  const text = sectionOf(changelog);
  if (text === undefined) throw new Error(`CHANGELOG.md: no heading "## ${UNRELEASED}"`);
  if (sectionOf(changelog, version) !== undefined) {
    throw new Error(`CHANGELOG.md: ${version} has a section already`);
  }
  const whole = summaries.reduce(withSummary, text);
  const made = `## ${UNRELEASED}\n\n## ${version} (${date})\n\n${whole}`;
  return changelog.replace(`## ${UNRELEASED}\n\n${text}`.trimEnd(), () => made.trimEnd());
}

/**
 * @param {string} section
 * @param {string} summary
 */
function withSummary(section, summary) {
  const [, word = "", rest = summary] = /^(\w+):\s+([\s\S]*)$/.exec(summary) ?? [];
  const kind = KINDS.includes(word) ? word : KINDS[0];
  const entry = `- ${(KINDS.includes(word) ? rest : summary).trim().replace(/\n/g, "\n  ")}`;
  const heading = `### ${kind}\n`;
  return section.includes(heading)
    ? section.replace(heading, () => `${heading}${entry}\n`)
    : `${section}\n\n${heading}${entry}`.trim();
}
