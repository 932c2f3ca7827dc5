// What is tried of test runners and of programs that run TypeScript. Holds the table of cases.mjs's form.

import { expectDone, PROGRAM } from "./programs.mjs";

/** @typedef {import("./cases.mjs").Project} Project */
/** @typedef {import("./cases.mjs").Tool} Tool */

/** A test in the words that every runner has in one form or another. @param {string} begin @param {string} check */
const conversation = (begin, check) => `${begin}
test("a server and a client talk", async () => {
  const { converse, EXPECTED } = conversation;
  ${check}(await converse({ Server, io }), EXPECTED);
});
`;

const AS_MODULE = `import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { io } from "@sockeye/client";
import { Server } from "@sockeye/node";
const conversation = createRequire(import.meta.url)("./conversation.js");`;

const AS_COMMONJS = `const assert = require("node:assert/strict");
const { io } = require("@sockeye/client");
const { Server } = require("@sockeye/node");
const conversation = require("./conversation.js");`;

const AS_TYPESCRIPT = `import assert from "node:assert/strict";
import { io } from "@sockeye/client";
import { Server, type Socket } from "@sockeye/node";

test("a server and a client talk", async () => {
  const server = new Server({ serveClient: false });
  server.on("connection", (socket: Socket) => {
    socket.on("echo", (value: string, answer: (value: string) => void) => answer(value));
  });
  server.listen(0);
  const { port } = server.httpServer!.address() as { port: number };
  const client = io("http://127.0.0.1:" + port);
  assert.equal(await client.timeout(5000).emitWithAck("echo", "é"), "é");
  client.disconnect();
  await server.close();
});
`;

const COMMONJS_OPTIONS = {
  compilerOptions: {
    module: "commonjs",
    moduleResolution: "node",
    target: "es2022",
    strict: true,
    esModuleInterop: true,
  },
};
const MODULE_OPTIONS = {
  compilerOptions: { module: "nodenext", target: "es2022", strict: true, esModuleInterop: true },
};

/** @type {Tool[]} */
export const runners = [
  {
    title: "Vitest 4",
    packages: { vitest: "4.1.12", jsdom: "27" },
    cases: [
      {
        title: "server and client",
        async check({ run, write }) {
          const begin = `import { test } from "vitest";\n${AS_MODULE}`;
          write("runner.test.mjs", conversation(begin, "assert.deepEqual"));
          await run("vitest", "run", "runner.test.mjs");
        },
      },
      {
        title: "everything passed through Vite (`server.deps.inline`)",
        async check({ run, write }) {
          write(
            "vitest.config.mjs",
            "export default { test: { server: { deps: { inline: [/@sockeye/] } } } };",
          );
          await run("vitest", "run", "--config", "vitest.config.mjs", "runner.test.mjs");
        },
      },
      {
        title: "jsdom: a page talks to a server outside",
        async check({ run, write }) {
          write(
            "global-setup.mjs",
            `import { Server } from "@sockeye/node";
            export default ({ provide }) => {
              const server = new Server(0, { cors: { origin: "*" } });
              server.on("connection", (socket) => socket.on("echo", (value, answer) => answer(value)));
              provide("port", server.httpServer.address().port);
              return () => server.close();
            };`,
          );
          write(
            "page.test.mjs",
            `// @vitest-environment jsdom
            import { expect, inject, test } from "vitest";
            import { io } from "@sockeye/client";
            test.each([["websocket"], ["polling"], [undefined]])("a page talks by %s", async (transport) => {
              expect(typeof window).toBe("object");
              const options = transport && { transports: [transport] };
              const client = io("http://127.0.0.1:" + inject("port"), { forceNew: true, ...options });
              expect(await client.timeout(5000).emitWithAck("echo", "é")).toBe("é");
              client.disconnect();
            });`,
          );
          write(
            "vitest.page.mjs",
            'export default { test: { globalSetup: "./global-setup.mjs" } };',
          );
          await run("vitest", "run", "--config", "vitest.page.mjs", "page.test.mjs");
        },
      },
    ],
  },
  {
    title: "mocha 11",
    packages: {
      mocha: "11",
      "ts-node": "10.9.2",
      typescript: "5.9",
      "@types/node": "20",
      "@types/mocha": "10",
    },
    cases: [
      {
        title: "CommonJS",
        async check({ run, write }) {
          write("mocha.cjs", conversation(AS_COMMONJS, "assert.deepEqual"));
          await run("mocha", "--ui", "qunit", "mocha.cjs");
        },
      },
      {
        title: "ES modules",
        async check({ run, write }) {
          write("mocha.mjs", conversation(AS_MODULE, "assert.deepEqual"));
          await run("mocha", "--ui", "qunit", "mocha.mjs");
        },
      },
      {
        title: "the file of [the guide](testing.md#mocha)",
        check({ run, writeGuide }) {
          writeGuide();
          return run("mocha", "mocha.test.mjs");
        },
      },
      {
        title: "TypeScript through ts-node, CommonJS",
        async check({ run, write }) {
          write("tsconfig.json", JSON.stringify(COMMONJS_OPTIONS));
          write("mocha.cts", AS_TYPESCRIPT);
          await run("mocha", "--ui", "qunit", "--require", "ts-node/register", "mocha.cts");
        },
      },
      {
        title: "TypeScript through ts-node, ES modules",
        async check({ run, write }) {
          write("tsconfig.json", JSON.stringify(MODULE_OPTIONS));
          write("mocha.mts", AS_TYPESCRIPT);
          const mocha = ["node_modules/mocha/bin/mocha.js", "--ui", "qunit", "mocha.mts"];
          await run("node", "--loader", "ts-node/esm", ...mocha);
        },
      },
    ],
  },
  {
    title: "node:test",
    packages: {},
    cases: [
      ["CommonJS", "runner.cjs", `const test = require("node:test");\n${AS_COMMONJS}`],
      ["ES modules", "runner.mjs", `import test from "node:test";\n${AS_MODULE}`],
    ].map(([title = "", file = "", begin = ""]) => ({
      title,
      async check(/** @type {Project} */ { run, write }) {
        write(file, conversation(begin, "assert.deepEqual"));
        await run("node", "--test", file);
      },
    })),
  },
  {
    title: "ts-node 10",
    packages: { "ts-node": "10.9.2", typescript: "5.9", "@types/node": "20" },
    cases: [
      {
        title: "server and client, CommonJS, types checked",
        async check({ run, write }) {
          write("tsconfig.json", JSON.stringify(COMMONJS_OPTIONS));
          write("program.cts", PROGRAM);
          expectDone(await run("ts-node", "program.cts"));
        },
      },
      {
        title: "server and client, ES modules (`node --loader ts-node/esm`), types checked",
        async check({ run, write }) {
          write("tsconfig.json", JSON.stringify(MODULE_OPTIONS));
          write("program.mts", PROGRAM);
          expectDone(await run("node", "--loader", "ts-node/esm", "program.mts"));
        },
      },
    ],
  },
];
