// What is tried of other people's tools, one project each: what it installs beside our packages, and what is run there.
// Holds the table; knows not how a project is installed or a result printed.

import { frameworks } from "./frameworks.mjs";
import { expectDone, PROGRAM } from "./programs.mjs";
import { runners } from "./runners.mjs";

/**
 * @typedef {object} Project where a case runs
 * @property {(program: string, ...args: string[]) => Promise<string>} run a program of the project's node_modules/.bin, a
 *   file below node_modules, or `node`; resolves to what it prints, rejects when it fails
 * @property {(file: string, text: string) => void} write
 * @property {(file: string) => Promise<void>} runServer runs a bundle of the server away from the project's packages
 * @property {(file: string, name?: string) => Promise<void>} runPage runs a bundle of a page, and asks for a function
 * @property {(file: string) => string} program the text of a file of `programs`
 * @property {() => void} writeGuide the files of docs/site/guides/testing.md
 *
 * @typedef {object} Case
 * @property {string} title of a row
 * @property {(project: Project) => Promise<unknown>} check rejects when it does not work
 * @property {RegExp} [outOfReach] what an error says when the tool could not fetch a part of its own
 *
 * @typedef {object} Tool
 * @property {string} title
 * @property {Record<string, string>} packages from npm
 * @property {Case[]} cases
 * @property {boolean} [needsChromium]
 */

const IMPORTING = 'import io from "@sockeye/client"; globalThis.page.io = io;\n';
const REQUIRING = 'globalThis.page.io = require("socket.io-client");\n';
const NAMED = 'import { io } from "@sockeye/client"; globalThis.page.io = io;\n';

/** @param {string} config */
const webpack = (config) => `module.exports = { mode: "production", devtool: false, ${config} };`;

/** @param {string} major */
const jest = (major) => ({
  title: `Jest ${major}`,
  packages: { jest: major, "jest-environment-jsdom": major },
  cases: [
    {
      title: "CommonJS",
      check: ({ run }) => run("jest", "--config", "jest.json", "commonjs.test.js"),
    },
    {
      title: "ES modules (`--experimental-vm-modules`)",
      check: ({ run }) =>
        run(
          "node",
          "--experimental-vm-modules",
          "node_modules/jest/bin/jest.js",
          ...["--config", "jest.json", "module.test.mjs"],
        ),
    },
    {
      title: "the file of [the guide](testing.md#jest)",
      check({ run, write, writeGuide }) {
        writeGuide();
        write("guide.json", '{ "transform": {}, "testMatch": ["**/jest.test.cjs"] }');
        return run("jest", "--config", "guide.json");
      },
    },
    {
      title: "jsdom: what a page gets",
      check({ run, write }) {
        const text = `/** @jest-environment jsdom */
          const io = require("socket.io-client");
          test("io", () => {
            expect(require.resolve("@sockeye/client")).not.toMatch(/node.index/);
            expect(io("http://127.0.0.1:9", { autoConnect: false }).connected).toBe(false);
          });`;
        write("page.test.js", text);
        return run("jest", "--config", "jest.json", "page.test.js");
      },
    },
  ],
});

/** @type {Tool[]} */
export const tools = [
  jest("29"),
  jest("30"),
  {
    title: "webpack 5",
    packages: { webpack: "5", "webpack-cli": "6" },
    cases: [
      {
        title: "server, target node",
        async check({ run, write, runServer }) {
          write(
            "webpack.config.cjs",
            webpack('target: "node", entry: "./server.mjs", output: { filename: "server.cjs" }'),
          );
          await run("webpack", "--config", "webpack.config.cjs");
          await runServer("dist/server.cjs");
        },
      },
      ...[
        ["import", IMPORTING],
        ["require", REQUIRING],
      ].map(([kind = "", code = ""]) => ({
        title: `page, ${kind}`,
        async check(/** @type {Project} */ { run, write, runPage }) {
          const page = kind === "import" ? "page.mjs" : "page.cjs";
          write(page, code);
          write(
            "webpack.config.cjs",
            webpack(`entry: "./${page}", output: { filename: "page.js" }`),
          );
          await run("webpack", "--config", "webpack.config.cjs");
          await runPage("dist/page.js");
        },
      })),
    ],
  },
  {
    title: "Rollup 4",
    packages: {
      rollup: "4",
      "@rollup/plugin-commonjs": "29",
      "@rollup/plugin-node-resolve": "16",
    },
    cases: [
      {
        title: "server, CommonJS",
        async check({ run, write, runServer }) {
          write("rollup.config.mjs", rollup("server.mjs", "server.cjs", "cjs", ""));
          await run("rollup", "-c", "rollup.config.mjs");
          await runServer("server.cjs");
        },
      },
      {
        title: "page, import",
        async check({ run, write, runPage }) {
          write("page.js", IMPORTING);
          write("rollup.config.mjs", rollup("page.js", "page.out.js", "iife", "browser: true"));
          await run("rollup", "-c", "rollup.config.mjs");
          await runPage("page.out.js");
        },
      },
    ],
  },
  {
    title: "Vite 7",
    packages: { vite: "7" },
    cases: [
      {
        title: "page, import",
        async check({ run, write, runPage }) {
          write("page.js", NAMED);
          const lib =
            'lib: { entry: "page.js", formats: ["iife"], name: "x", fileName: () => "page.out.js" }';
          write("vite.config.mjs", `export default { build: { ${lib}, outDir: "out" } };`);
          await run("vite", "build");
          await runPage("out/page.out.js");
        },
      },
      {
        title: "server (`--ssr`, everything bundled)",
        async check({ run, write, runServer }) {
          write(
            "vite.config.mjs",
            'export default { ssr: { noExternal: true }, build: { ssr: "server.mjs", outDir: "out-ssr", rollupOptions: { output: { format: "cjs", entryFileNames: "server.cjs" } } } };',
          );
          await run("vite", "build");
          await runServer("out-ssr/server.cjs");
        },
      },
    ],
  },
  {
    title: "Parcel 2",
    packages: { parcel: "2" },
    cases: ["", '{ "@parcel/resolver-default": { "packageExports": true } }'].map((options) => ({
      title: options ? "page, import, `packageExports`" : "page, import",
      async check({ run, write, runPage }) {
        write("page.js", NAMED);
        const manifest = options ? JSON.parse(options) : {};
        write("parcel.json", JSON.stringify(manifest));
        await run("node", "merge.mjs", "parcel.json");
        await run(
          "parcel",
          "build",
          "page.js",
          "--no-cache",
          "--dist-dir",
          "parcel",
          "--cache-dir",
          ".parcel-cache",
          "--no-source-maps",
        );
        await runPage("parcel/page.js");
      },
    })),
  },
  {
    title: "Browserify 17",
    packages: { browserify: "17" },
    cases: [
      {
        title: "page, require",
        async check({ run, write, runPage }) {
          write("page.js", REQUIRING);
          await run("browserify", "page.js", "-o", "browserified.js");
          await runPage("browserified.js");
        },
      },
    ],
  },
  {
    title: "tsx 4.19",
    packages: { tsx: "4.19.2" },
    cases: ["cts", "mts"].map((ending) => ({
      title: ending === "cts" ? "server, CommonJS" : "server, ES modules",
      async check({ run, write }) {
        write(`program.${ending}`, PROGRAM);
        expectDone(await run("tsx", `program.${ending}`));
      },
    })),
  },
  {
    title: "TypeScript 5.4",
    packages: { typescript: "5.4.5", "@types/node": "20" },
    cases: [
      {
        title: "compiled to CommonJS (`moduleResolution: node`), and run",
        async check({ run, write }) {
          write("program.cts", PROGRAM);
          const options = "--module commonjs --moduleResolution node --target es2022 --strict";
          await run("tsc", ...options.split(" "), "--esModuleInterop", "program.cts");
          expectDone(await run("node", "program.cjs"));
        },
      },
    ],
  },
  {
    title: "Bun 1.4",
    packages: { "@oven/bun-linux-x64": "1.4" },
    cases: [
      ...["cts", "mts"].map((ending) => ({
        title: ending === "cts" ? "run, CommonJS" : "run, ES modules",
        async check(/** @type {Project} */ { run, write }) {
          write(`program.${ending}`, PROGRAM);
          expectDone(await run("@oven/bun-linux-x64/bin/bun", `program.${ending}`));
        },
      })),
      {
        title: "`bun build --target node`",
        async check({ run, runServer }) {
          const output = ["--outfile", "bun-server.mjs"];
          await run(
            "@oven/bun-linux-x64/bin/bun",
            "build",
            "--target",
            "node",
            "server.mjs",
            ...output,
          );
          await runServer("bun-server.mjs");
        },
      },
      {
        title: "`bun build --compile`",
        async check({ run, write }) {
          write("program.mts", PROGRAM);
          const output = ["--outfile", "compiled"];
          await run("@oven/bun-linux-x64/bin/bun", "build", "--compile", "program.mts", ...output);
          expectDone(await run("./compiled"));
        },
      },
    ],
  },
  {
    title: "Deno 2.9",
    packages: { "@deno/linux-x64-glibc": "2.9" },
    cases: [
      {
        title: "run, ES modules (`node_modules`)",
        async check({ run, write }) {
          write("program.mts", PROGRAM);
          expectDone(
            await run("@deno/linux-x64-glibc/deno", "run", "-A", "--no-check", "program.mts"),
          );
        },
      },
      {
        title: "`deno compile`",
        // It fetches the runtime of compiled programs from a host of Deno's own.
        outOfReach: /denort.*error sending request/s,
        async check({ run, write }) {
          write("program.mts", PROGRAM);
          const output = ["--output", "compiled"];
          const args = ["compile", "-A", "--no-check", ...output, "program.mts"];
          await run("@deno/linux-x64-glibc/deno", ...args);
          expectDone(await run("./compiled"));
        },
      },
    ],
  },
  ...runners,
  ...frameworks,
];

/**
 * @param {string} input
 * @param {string} file
 * @param {string} format
 * @param {string} options of the resolver
 */
function rollup(input, file, format, options) {
  return `import commonjs from "@rollup/plugin-commonjs";
    import { nodeResolve } from "@rollup/plugin-node-resolve";
    export default {
      input: "${input}",
      plugins: [nodeResolve({ ${options || 'exportConditions: ["node"]'} }), commonjs({ ignoreDynamicRequires: true })],
      output: { file: "${file}", format: "${format}", inlineDynamicImports: true },
      onwarn() {},
    };`;
}
