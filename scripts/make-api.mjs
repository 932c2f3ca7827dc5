// Writes api/*.api.md: what each entry of the published packages declares, so that a change of the API is a change that a
// reader of the commit sees. API Extractor reads the declarations that are published. With --check it writes nothing, and
// fails when a report is not what the declarations say.

import { existsSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from "@microsoft/api-extractor";
import { apiEntries } from "./packaging/api-entries.mjs";
import { repositoryFiles, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/** @typedef {import("./packaging/api-entries.mjs").ApiEntry} ApiEntry */

const FOLDER = "api";
const MADE = join(root, ".cache/api");
const SILENT = { logLevel: ExtractorLogLevel.None, addToApiReportFile: false };

/** One program for all entries: the compiler's own library is read once. */
const COMPILER = {
  overrideTsconfig: {
    compilerOptions: {
      module: "nodenext",
      moduleResolution: "nodenext",
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable", "esnext.disposable"],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
    },
    // Asked for by the compiler; the entries are added by `CompilerState`.
    files: [join(root, "packages/events/dist/cjs/index.d.ts")],
  },
};

/** @param {ApiEntry} entry */
function configOf({ folder, declaration, report }) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(root, folder),
      mainEntryPointFilePath: join(root, folder, declaration),
      newlineKind: "lf",
      compiler: COMPILER,
      apiReport: {
        enabled: true,
        // Types that an entry does not hand out, but names.
        includeForgottenExports: true,
        reportFileName: report,
        reportFolder: join(root, FOLDER),
        reportTempFolder: MADE,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // The comments are for readers, and checked by `npm run check` elsewhere.
      messages: {
        compilerMessageReporting: { default: SILENT },
        extractorMessageReporting: { default: SILENT },
        tsdocMessageReporting: { default: SILENT },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, folder, "package.json"),
  });
}

/** @returns {Map<string, string>} the reports by file, relative to the root */
function makeReports() {
  rmSync(MADE, { recursive: true, force: true });
  mkdirSync(MADE, { recursive: true });
  const entries = apiEntries();
  const configs = entries.map(configOf);
  const [first] = configs;
  if (first === undefined) return new Map();
  const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  return new Map(
    configs.map((config, index) => {
      Extractor.invoke(config, { compilerState, localBuild: false, messageCallback: silence });
      const name = `${entries[index]?.report}.api.md`;
      return [`${FOLDER}/${name}`, readFileSync(join(MADE, name), "utf8")];
    }),
  );
}

/** @param {import("@microsoft/api-extractor").ExtractorMessage} message */
function silence(message) {
  message.handled = true;
}

await runAsStep(import.meta.url, () => {
  const reports = makeReports();
  const stale = [...reports].filter(
    ([file, text]) =>
      !existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text,
  );
  const left = repositoryFiles(/^api\/.*\.api\.md$/).filter((file) => !reports.has(file));
  const summary = `${reports.size} entries`;
  if (process.argv.includes("--check")) {
    const problems = [...stale.map(([file]) => file), ...left].map(
      (file) =>
        `${file}: not what the declarations say; build, run npm run api, and look at the difference`,
    );
    return { problems, summary };
  }
  mkdirSync(join(root, FOLDER), { recursive: true });
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  for (const file of left) unlinkSync(join(root, file));
  return { problems: [], summary: `${summary}, ${stale.length} written` };
});
