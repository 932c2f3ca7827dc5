// Shows what each of the house's own rules refuses, and what it lets pass.

import { describe, expect, it } from "vitest";
import {
  fileLength,
  fileName,
  header,
  machinePaths,
  plainWords,
  portableSources,
  sleeps,
} from "./source-rules.mjs";

const SOURCE = "packages/engine/src/heartbeat.ts";
const TEST = "packages/engine/src/heartbeat.test.ts";

describe("file length", () => {
  it("allows 400 lines", () => {
    expect(fileLength(SOURCE, "x\n".repeat(400))).toEqual([]);
  });

  it("refuses 401, with or without a last line break", () => {
    const complaint = [`${SOURCE}: 401 lines, at most 400 allowed`];
    expect(fileLength(SOURCE, "x\n".repeat(401))).toEqual(complaint);
    expect(fileLength(SOURCE, `${"x\n".repeat(400)}x`)).toEqual(complaint);
  });
});

describe("file name", () => {
  it.each(["utils.ts", "util.mjs", "helpers.ts", "common.ts", "misc.js", "types.ts"])(
    "refuses %s",
    (name) => {
      expect(fileName(`packages/core/src/${name}`, "")).toHaveLength(1);
    },
  );

  it.each(["event-types.ts", "common-room.ts", "types/event-map.ts"])("allows %s", (name) => {
    expect(fileName(`packages/core/src/${name}`, "")).toEqual([]);
  });
});

describe("header", () => {
  it("wants a comment before the code", () => {
    expect(header(SOURCE, "export const a = 1;\n")).toHaveLength(1);
    expect(header(SOURCE, "// What it is.\nexport const a = 1;\n")).toEqual([]);
    expect(header("scripts/a.mjs", "#!/usr/bin/env node\n// What it is.\n")).toEqual([]);
  });
});

describe("time and chance in portable code", () => {
  it.each([
    ...["setTimeout", "setInterval", "setImmediate", "Date.now", "performance.now"],
    ...["Math.random", "crypto.getRandomValues", "crypto.randomUUID", "process.nextTick"],
  ])("refuses %s", (name) => {
    const complaint = `${SOURCE}:2: portable code must not use ${name.replace(/^(crypto|process)\./, "")}`;
    expect(portableSources(SOURCE, `\n${name}(f, 1);`)).toEqual([complaint]);
  });

  it.each(["new Date();", "f(new Date)"])("refuses the present time: %s", (code) => {
    expect(portableSources(SOURCE, code)).toHaveLength(1);
  });

  it.each([
    ["a comment", SOURCE, "// not Date.now()\n/* nor setTimeout(f) */"],
    ["a host", "hosts/node/src/clock.ts", "Date.now()"],
    ["a test", TEST, "Date.now()"],
    ["a time that was given", SOURCE, "new Date(issued)"],
    ["a microtask", SOURCE, "queueMicrotask(f)"],
    ["where a port has its default", "packages/portable/src/random-id.ts", "getRandomValues(a)"],
  ])("allows it in %s", (_, file, code) => {
    expect(portableSources(file, code)).toEqual([]);
  });

  it("refuses an exception that is not needed any more, and another use there", () => {
    const file = "packages/portable/src/random-id.ts";
    expect(portableSources(file, "")).toHaveLength(1);
    expect(portableSources(file, "getRandomValues(a); Date.now();")).toHaveLength(1);
  });
});

describe("sleeps in tests", () => {
  // Put together here, so that this file keeps the rule that it tests.
  const timer = "setTimeout";
  const sleep = "sleep";

  it.each([
    `await new Promise((resolve) => ${timer}(resolve, 50));`,
    `await ${timer}(1_000);`,
    `${timer}(() => {\n  done(1, 2);\n}, 200);`,
    `await ${sleep}(100);`,
  ])("refuses %j", (code) => {
    expect(sleeps(TEST, code)).toEqual([
      `${TEST}:1: wait for an event instead of a time, or say why not`,
    ]);
  });

  it.each([
    `await new Promise((resolve) => ${timer}(resolve, 20));`,
    `${timer}(fail, deadlineMs);`,
    `// The peer must stay silent for two ping intervals.\nawait ${sleep}(100);`,
    `await ${sleep}(100); // the kernel gives no event for this`,
    `const it = 'a ${sleep}'; call(1000);`,
  ])("allows %j", (code) => {
    expect(sleeps(TEST, code)).toEqual([]);
  });

  it("holds in the e2e suite and not in sources", () => {
    const code = `await ${sleep}(100);`;
    expect(sleeps("e2e/kit/deadline.ts", code)).toHaveLength(1);
    expect(sleeps(SOURCE, code)).toEqual([]);
  });
});

describe("plain words", () => {
  it.each([
    "// Nobody reads it.",
    "/** Whoever listens is told. */",
    "/**\n * As facts 1.4 say.\n */",
    "const a = 1; // there must be room for it",
    "// How often is looked whether it has left.",
  ])("refuses %j in a comment of the server", (text) => {
    expect(plainWords(SOURCE, text).length).toBeGreaterThan(0);
  });

  it("names the line and the word", () => {
    const complaint = `${SOURCE}:3: "told" in a comment: name who or what it is`;
    expect(plainWords(SOURCE, "\n/**\n * It is told.\n */")).toEqual([complaint]);
  });

  it.each([
    ["a room of sockets", SOURCE, "// Joins the room and leaves the other rooms."],
    ["code and strings", SOURCE, 'const told = "nobody";'],
    ["a test", TEST, "// Nobody reads it."],
    ["an example", "examples/chat/src/server.ts", "// Nobody reads it."],
  ])("allows %s", (_, file, text) => {
    expect(plainWords(file, text)).toEqual([]);
  });
});

describe("machine paths", () => {
  // In pieces, or this file would be refused itself.
  const [WORK, TEMPORARY] = ["/wo" + "rk", "/tm" + "p"];

  it.each([`${WORK}/main`, `${TEMPORARY}/x`, "regis" + "try.npmjs.org"])("refuses %s", (name) => {
    expect(machinePaths("README.md", `\nsee ${name} for more`)).toEqual([
      "README.md:2: names a machine's path or a registry's host",
    ]);
  });

  it.each([`.${WORK}/main`, "docs/home/page", "the registry. Then", `example.com${TEMPORARY}/a`])(
    "allows %s",
    (text) => {
      expect(machinePaths("README.md", text)).toEqual([]);
    },
  );
});
