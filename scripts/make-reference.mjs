// Writes docs/reference from the sources: every option, every reason for which a connection ends, every
// diagnostics point.
// With --check it writes nothing, and fails when a page is not what the sources say.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { optionsOf, pointsOf, table, wordsOf } from "./reference.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const NOTE = "<!-- Made by `npm run reference` from the sources. Do not edit. -->\n";

/** @type {{ title: string, file: string, interface: string }[]} */
const OPTIONS = [
  {
    title: "Server: connections",
    file: "packages/engine/src/options.ts",
    interface: "EngineOptions",
  },
  {
    title: "Server: namespaces and sockets",
    file: "packages/core/src/base/options.ts",
    interface: "CoreOptions",
  },
  {
    title: "Server: `connectionStateRecovery`",
    file: "packages/core/src/base/options.ts",
    interface: "RecoveryOptions",
  },
  { title: "Server: Node only", file: "hosts/node/src/options.ts", interface: "NodeOptions" },
  { title: "Client: sockets", file: "packages/client/src/options.ts", interface: "SocketOptions" },
  { title: "Client: `io()`", file: "packages/client/src/options.ts", interface: "ClientOptions" },
  { title: "Client: manager", file: "packages/client/src/options.ts", interface: "ManagerOptions" },
  {
    title: "Client: connections",
    file: "packages/client/src/options.ts",
    interface: "EngineOptions",
  },
];

/** @type {{ title: string, file: string, type: string }[]} */
const REASONS = [
  {
    title: "Server: a connection has ended",
    file: "packages/engine/src/reasons.ts",
    type: "Reason",
  },
  {
    title: "Server: only a socket has ended, or more is known",
    file: "packages/core/src/base/reasons.ts",
    type: "DisconnectReason",
  },
  {
    title: "Client",
    file: "packages/client/src/typed/reserved-events.ts",
    type: "DisconnectReason",
  },
];

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

/** @type {{ title: string, file: string, scope: string, payloads: string }[]} */
const POINTS = [
  {
    title: "Server: sockets, namespaces, packets (`io.diagnostics.core`)",
    file: "packages/core/src/base/diagnostics.ts",
    scope: "sockeye:core",
    payloads: "CorePayloads",
  },
  {
    title: "Server: connections and transports (`io.diagnostics.engine`)",
    file: "packages/engine/src/diagnostics.ts",
    scope: "sockeye:engine",
    payloads: "EnginePayloads",
  },
  {
    title: "Server: deadlines (`io.diagnostics.deadlines`)",
    file: "packages/portable/src/deadlines.ts",
    scope: "sockeye:deadlines",
    payloads: "DeadlinePayloads",
  },
  {
    title: "Server: Node only (`io.diagnostics.node`)",
    file: "hosts/node/src/diagnostics.ts",
    scope: "sockeye:node",
    payloads: "NodePayloads",
  },
  {
    title: "Client: in Node and in readable builds",
    file: "packages/client/src/diagnostics.ts",
    scope: "sockeye:client",
    payloads: "ClientPayloads",
  },
];

/** @type {{ title: string, file: string, type: string }[]} */
const WORDS = [
  {
    title: "Limits of `sockeye:core:limitReached`",
    file: "packages/core/src/base/diagnostics.ts",
    type: "CoreLimit",
  },
  {
    title: "Reasons of `sockeye:core:recoveryMissed`",
    file: "packages/core/src/base/diagnostics.ts",
    type: "RecoveryMiss",
  },
];

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
    "docs/reference/options.md": optionsPage(),
    "docs/reference/reasons.md": reasonsPage(),
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
