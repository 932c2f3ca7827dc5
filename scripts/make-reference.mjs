// Writes docs/reference from the sources: every option, every error, every reason for which a connection ends, every
// diagnostics point, every member of the classes that applications hold.
// With --check it writes nothing, and fails when a page is not what the sources say.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorsOf, messagesOf, optionsOf, pointsOf, table, wordsOf } from "./reference.mjs";
import { classPages } from "./reference-classes.mjs";
import { ERRORS, OPTIONS, POINTS, REASONS, WORDS } from "./reference-tables.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const NOTE = "<!-- Made by `npm run reference` from the sources. Do not edit. -->\n";

/** Every code of the tables, once. Errors that have a message and no code are not among them. */
export function allCodes() {
  const codes = ERRORS.flatMap(({ file, kind, name, prefix = "" }) => {
    const source = read(file);
    if (kind === "messages") return [];
    if (kind === "table") return errorsOf(source, name).map(({ code }) => code);
    return wordsOf(source, name).map(({ word }) => prefix + word);
  });
  return [...new Set(codes)];
}

function errorsPage() {
  const sections = ERRORS.map((section) => {
    const note = section.note === undefined ? "" : `${section.note}\n\n`;
    return `## ${section.title}\n\n${note}${errorTable(section)}`;
  });
  return `# Errors\n\n${NOTE}\nCodes are the property \`code\` of an error. Messages are stable; those that Socket.IO has are Socket.IO's. What to do about each: [troubleshooting](../site/troubleshooting.md).\n\n${sections.join("\n")}`;
}

/** @param {import("./reference-tables.mjs").Errors} section */
function errorTable({ file, kind, name, prefix = "" }) {
  const source = read(file);
  if (kind === "table") {
    const rows = errorsOf(source, name).map(({ code, message, meaning }) => [
      `\`${code}\``,
      `\`${message}\``,
      meaning,
    ]);
    return table(["Code", name === "RefusalCode" ? "Number" : "Message", "When"], rows);
  }
  if (kind === "both") {
    const rows = wordsOf(source, name).map(({ word, meaning }) => {
      // The first colon outside of code.
      const [, message = "", when = ""] = /^((?:`[^`]*`|[^`:])*): (.*)$/.exec(meaning) ?? [];
      if (when === "") throw new Error(`${name}: the comment of "${word}" has no message`);
      return [`\`${word}\``, message, when];
    });
    return table(["Code", "Message", "When"], rows);
  }
  if (kind === "codes") {
    const rows = wordsOf(source, name).map(({ word, meaning }) => [
      `\`${prefix}${word}\``,
      meaning,
    ]);
    return table(["Code", "When"], rows);
  }
  const rows = messagesOf(source, name).map(({ word, meaning }) => [code(word), meaning]);
  return table(["Message", "When"], rows);
}

/** @param {string} text that may contain backticks */
function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function optionsPage() {
  const sections = OPTIONS.map((section) => {
    const options = optionsOf(read(section.file), section.interface);
    const rows = options.map(({ name, type, meaning, fallback }) => [
      `\`${name}\``,
      `\`${type}\``,
      fallback,
      meaning,
    ]);
    return `## ${section.title}\n\n${table(["Option", "Type", "Default", "Meaning"], rows)}`;
  });
  return `# Options\n\n${NOTE}\nDurations are milliseconds, sizes bytes.\n\n${sections.join("\n")}`;
}

function reasonsPage() {
  const sections = REASONS.map(({ title, file, type }) => {
    const rows = wordsOf(read(file), type).map(({ word, meaning }) => [`\`${word}\``, meaning]);
    return `## ${title}\n\n${table(["Reason", "When"], rows)}`;
  });
  return `# Why a connection ended\n\n${NOTE}\n${sections.join("\n")}`;
}

/** @param {{ title: string, file: string, type: string }} section */
function wordsSection({ title, file, type }) {
  const rows = wordsOf(read(file), type).map(({ word, meaning }) => [`\`${word}\``, meaning]);
  return `## ${title}\n\n${table(["Word", "Meaning"], rows)}`;
}

function diagnosticsPage() {
  const sections = POINTS.map(({ title, file, scope, payloads }) => {
    const rows = pointsOf(read(file), payloads).map(({ name, payload, when }) => [
      `\`${scope}:${name}\``,
      `\`${payload}\``,
      when,
    ]);
    return `## ${title}\n\n${table(["Point", "Payload", "When"], rows)}`;
  });
  const guide =
    "How to listen: [diagnostics](../diagnostics.md). Sizes are bytes, or characters of text.";
  const words = WORDS.map(wordsSection);
  return `# Diagnostics points\n\n${NOTE}\n${guide}\n\n${[...sections, ...words].join("\n")}`;
}

await runAsStep(import.meta.url, () => {
  const pages = Object.entries({
    "docs/reference/diagnostics.md": diagnosticsPage(),
    "docs/reference/errors.md": errorsPage(),
    "docs/reference/options.md": optionsPage(),
    "docs/reference/reasons.md": reasonsPage(),
    ...classPages(NOTE),
  });
  const stale = pages.filter(
    ([file, text]) => !existsSync(join(root, file)) || read(file) !== text,
  );
  const summary = `${pages.length} pages`;
  if (process.argv.includes("--check")) {
    const problems = stale.map(([file]) => `${file}: not up to date; run npm run reference`);
    return { problems, summary };
  }
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return { problems: [], summary: `${summary}, ${stale.length} written` };
});
