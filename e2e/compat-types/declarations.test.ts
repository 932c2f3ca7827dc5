// The expectations of this folder, compiled against Socket.IO's declarations and against ours.
// With the real packages they compile as a part of this project as well.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const EXPECTATIONS = {
  "the client's names": "client-names.ts",
  "a client without maps of events": "client-untyped.ts",
  "a client with maps of events": "client-typed.ts",
  "the client's own events": "client-own-events.ts",
  "the client's acknowledgements": "client-acks.ts",
  "managers and options": "client-manager.ts",
  "the server's names": "server-names.ts",
  "a server without maps of events": "server-untyped.ts",
  "a server with maps of events": "server-typed.ts",
  "send needs the event message": "server-send.ts",
  "the server's acknowledgements": "server-acks.ts",
  "events between servers": "server-between.ts",
  "the server's options and adapters": "server-options.ts",
  "helper types, one by one": "event-map-kinds.ts",
  "addresses and adapters": "adapter-names.ts",
  "a client as applications write it": "application-client.ts",
  "a server as applications write it": "application-server.ts",
  "the client's engine on its own": "engine-client.ts",
  "the server's engine on its own": "engine-server.ts",
};

const here = import.meta.dirname;
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
const root = join(here, "../..");

/** Where the names of the packages lead. Without an entry, to the real ones. */
const DECLARATIONS: Record<string, Record<string, string[]>> = {
  "socket.io": {},
  sockeye: {
    "socket.io": [join(root, "hosts/node/dist/index.d.ts")],
    "engine.io": [join(root, "hosts/node/dist/engine/index.d.ts")],
    "engine.io-client": [join(root, "packages/client/dist/node/engine-io.d.ts")],
    "socket.io-client": [join(root, "packages/client/dist/node/index.d.ts")],
  },
};

/** The compiler's complaints, by file. */
async function compile(paths: Record<string, string[]>): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(join(here, ".compile-"));
  const config = join(folder, "tsconfig.json");
  const options = {
    extends: join(root, "e2e/tsconfig.json"),
    compilerOptions: { paths, lib: ["ES2023", "DOM"], skipLibCheck: true },
    include: [join(here, "expectations")],
  };
  writeFileSync(config, JSON.stringify(options));
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(
        process.execPath,
        [compiler, "--pretty", "false", "-p", config],
        (_error, stdout) => {
          resolve(stdout);
        },
      );
    });
    const complaints = new Map<string, string[]>();
    for (const line of output.split("\n")) {
      const [, file = ""] = /([\w-]+\.ts)\(/.exec(line) ?? [];
      if (line.trim()) complaints.set(file, [...(complaints.get(file) ?? []), line]);
    }
    return complaints;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(Object.keys(DECLARATIONS))("declarations of %s", (name) => {
  let complaints: Map<string, string[]>;
  beforeAll(async () => {
    complaints = await compile(DECLARATIONS[name] ?? {});
  }, 60_000);

  test.each(Object.entries(EXPECTATIONS))("%s", (_title, file) => {
    expect(complaints.get(file) ?? []).toEqual([]);
  });

  test("nothing else is wrong", () => {
    const known: string[] = Object.values(EXPECTATIONS);
    expect([...complaints].filter(([file]) => !known.includes(file))).toEqual([]);
  });
});

test("every expectation is in the list above", () => {
  const files = readdirSync(join(here, "expectations")).filter((file) => file !== "equal.ts");
  expect(files.sort()).toEqual(Object.values(EXPECTATIONS).sort());
});

afterAll(() => {
  for (const entry of readdirSync(here)) {
    if (entry.startsWith(".compile-")) rmSync(join(here, entry), { recursive: true });
  }
});
