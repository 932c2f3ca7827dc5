// `npm run matrix:tools [TITLE...]`: installs the packed packages with other people's tools, one project for each tool, tries what
// the table says (cases.mjs), and writes the results into docs/site/guides/install.md. Needs a registry and minutes, so it is
// no part of `npm test`. With titles, those tools are tried alone, and nothing is written.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { programs as browsers, findProgram } from "../../scripts/browsers.mjs";
import { facades } from "../../scripts/packaging/facades.mjs";
import { filesOf } from "../guides/blocks.mjs";
import { installFrom } from "../kit/packages/npm-install.mjs";
import { pack } from "../kit/packages/pack.mjs";
import { tools } from "./cases.mjs";

/** @typedef {"works" | "fails" | "not tried"} Result */

const root = join(import.meta.dirname, "../..");
/** Outside the repository: tools look into the folders above a project. */
const projects = mkdtempSync(join(tmpdir(), "matrix-tools-"));
const GUIDE = join(root, "docs/site/guides/install.md");
const TABLE = /(<!-- matrix -->\n)[\s\S]*?(<!-- end of the matrix -->)/;
const LIMIT_MS = 240_000;
/** What webpack asks a page for, to find the files that it may fetch later. */
const PAGE_DOCUMENT = { currentScript: { tagName: "SCRIPT", src: "http://page/page.js" } };

const DEPENDENCIES = {
  "@sockeye/client": "*",
  "@sockeye/node": "*",
  ...Object.fromEntries(
    Object.entries(facades).map(([folder, { version }]) => {
      const name = folder.slice("facades/".length);
      return [name, `npm:@sockeye/${name}@${version}`];
    }),
  ),
};

// What is run in place of npm's own settings for `npm run`.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV|NODE_OPTIONS)/i.test(name)),
);
const chromium = findProgram(browsers.chromium);
Object.assign(env, {
  ...{ CHROMIUM_PATH: chromium, NEXT_TELEMETRY_DISABLED: "1", NG_CLI_ANALYTICS: "false" },
  ...{ NUXT_TELEMETRY_DISABLED: "1", PARCEL_WORKERS: "0" },
});

/**
 * @param {string} file
 * @param {string[]} args
 * @param {string} cwd
 */
async function execute(file, args, cwd) {
  try {
    const { stdout } = await promisify(execFile)(file, args, { cwd, env, timeout: LIMIT_MS });
    return stdout;
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = /** @type {Error & Record<string, string>} */ (error);
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
}

/**
 * What a case works with in a project.
 * @param {string} folder
 * @returns {import("./cases.mjs").Project}
 */
function projectIn(folder) {
  const modules = join(folder, "node_modules");
  return {
    run(program, ...args) {
      if (program === "node") return execute(process.execPath, args, folder);
      if (program.startsWith("./")) return execute(join(folder, program), args, folder);
      const file = program.includes("/") ? join(modules, program) : join(modules, ".bin", program);
      return execute(file, args, folder);
    },
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    program: (file) => readFileSync(join(import.meta.dirname, "programs", file), "utf8"),
    writeGuide() {
      for (const [name, text] of Object.entries(filesOf("testing"))) {
        writeFileSync(join(folder, name), text);
      }
    },
    async runServer(file) {
      const away = mkdtempSync(join(tmpdir(), "matrix-"));
      try {
        cpSync(
          dirname(join(folder, file)) === folder ? join(folder, file) : dirname(join(folder, file)),
          join(away, dirname(file) === "." ? file : dirname(file)),
          { recursive: true },
        );
        const printed = await execute(process.execPath, [join(away, file)], away);
        const { answers, withoutFiles } = JSON.parse(printed);
        if (String(answers) !== "websocket,polling" || !withoutFiles) throw new Error(printed);
      } finally {
        rmSync(away, { recursive: true, force: true });
      }
    },
    async runPage(file) {
      const page = { io: undefined };
      const globals = createContext({ page, setTimeout, clearTimeout, URL, TextEncoder });
      Object.assign(globals, { self: globals, window: globals, document: PAGE_DOCUMENT });
      runInContext(readFileSync(join(folder, file), "utf8"), globals);
      const io = /** @type {any} */ (page.io);
      if (typeof io !== "function" || io.io !== io) throw new Error(`io is ${typeof io}`);
    },
  };
}

/**
 * @param {import("./cases.mjs").Tool} tool
 * @param {import("../kit/packages/pack.mjs").Tarball[]} tarballs
 */
async function prepare({ title, packages }, tarballs) {
  const folder = join(projects, title.replaceAll(" ", "-").toLowerCase());
  mkdirSync(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { ...DEPENDENCIES, ...packages },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const programs = join(root, "e2e/packed/programs");
  cpSync(join(programs, "jest"), folder, { recursive: true });
  cpSync(join(programs, "bundled-server.mjs"), join(folder, "server.mjs"));
  cpSync(join(import.meta.dirname, "programs/serve.mjs"), join(folder, "serve.mjs"));
  writeFileSync(
    join(folder, "jest.json"),
    JSON.stringify({
      transform: {},
      testMatch: ["**/*.test.{js,mjs}"],
      moduleFileExtensions: ["js", "mjs", "cjs", "json"],
    }),
  );
  writeFileSync(
    join(folder, "merge.mjs"),
    'import { readFileSync, writeFileSync } from "node:fs";\nconst read = (file) => JSON.parse(readFileSync(file, "utf8"));\nwriteFileSync("package.json", JSON.stringify({ ...read("package.json"), ...read(process.argv[2]) }));\n',
  );
  const code = await installFrom(folder, tarballs);
  if (code !== 0) throw new Error(`npm ended with ${code}`);
  return folder;
}

const wanted = process.argv.slice(2);
const chosen = tools.filter(({ title }) => wanted.length === 0 || wanted.includes(title));
const tarballs = await pack(join(projects, "tarballs"));
/** @type {string[]} */
const rows = [];
for (const tool of chosen) {
  if (tool.needsChromium && chromium === undefined) {
    for (const { title } of tool.cases) tell(tool, title, "not tried");
    if (process.env.CI === "true") process.exitCode = 1;
    continue;
  }
  const folder = await prepare(tool, tarballs).catch(failed(`${tool.title}, npm install`));
  for (const each of tool.cases) {
    tell(tool, each.title, folder === undefined ? "fails" : await attempt(tool, each, folder));
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
rmSync(projects, { recursive: true, force: true });

/**
 * Tries one case.
 * @param {import("./cases.mjs").Tool} tool
 * @param {import("./cases.mjs").Case} each
 * @param {string} folder
 * @returns {Promise<Result>}
 */
async function attempt(tool, { title, check, outOfReach }, folder) {
  try {
    await check(projectIn(folder));
    return "works";
  } catch (error) {
    if (outOfReach?.test(String(error))) return "not tried";
    failed(`${tool.title}, ${title}`)(error);
    return "fails";
  }
}

/**
 * Adds a row to the table.
 * @param {import("./cases.mjs").Tool} tool
 * @param {string} title
 * @param {Result} result
 */
function tell(tool, title, result) {
  rows.push(`| ${tool.title} | ${title} | ${result} |`);
  console.log(rows.at(-1));
}

/**
 * Handles an error of what is named.
 * @param {string} name
 * @returns {(error: unknown) => undefined}
 */
function failed(name) {
  return (error) => {
    process.exitCode = 1;
    console.error(`${name}: ${String(error).slice(0, 3000)}`);
  };
}

if (wanted.length === 0) {
  const table = ["| Tool | What | Result |", "|---|---|---|", ...rows, ""].join("\n");
  const guide = readFileSync(GUIDE, "utf8");
  writeFileSync(
    GUIDE,
    guide.replace(TABLE, (_, begin, end) => `${begin}${table}${end}`),
  );
}
