// Shows that the layer check bites: a reversed import, a reversed dependency, a way round.

import { describe, expect, it } from "vitest";
import { checkFile, checkInside, checkManifest, importsOf } from "./check-layers.mjs";

describe("the imports of a source text", () => {
  it.each([
    [`import { a } from "./a.ts";`, ["./a.ts"]],
    [`import type { A } from "@sockeye/core";`, ["@sockeye/core"]],
    [`import {\n  a,\n  b,\n} from 'ws';`, ["ws"]],
    [`export * from "@sockeye/events";`, ["@sockeye/events"]],
    [`import "./effect.ts";`, ["./effect.ts"]],
    [`const a = await import("node:fs");`, ["node:fs"]],
    [`type A = import("@sockeye/node").Server;`, ["@sockeye/node"]],
    [`// import { a } from "commented";\n/** import "./out.ts" */`, []],
  ])("%j", (text, expected) => {
    expect(importsOf(text)).toEqual(expected);
  });
});

describe("the direction of imports", () => {
  it.each([
    ["packages/engine/src/connection.ts", "@sockeye/protocol"],
    ["packages/core/src/server.ts", "@sockeye/engine"],
    ["packages/engine/src/connection.test.ts", "@sockeye/testkit"],
    ["packages/client/src/node/websocket.ts", "ws"],
    ["hosts/node/src/listen.ts", "node:http"],
    ["hosts/node/src/listen.test.ts", "@sockeye/client"],
    ["examples/chat/src/server/main.ts", "@sockeye/node"],
    ["examples/chat/src/server/main.ts", "node:http"],
    ["e2e/compatibility.test.ts", "@sockeye/protocol"],
  ])("%s may import %s", (file, specifier) => {
    expect(checkFile(file, `import { a } from "${specifier}";`)).toEqual([]);
  });

  it.each([
    ["packages/protocol/src/codec.ts", "@sockeye/engine"],
    ["packages/engine/src/connection.ts", "@sockeye/core"],
    ["packages/engine/src/connection.ts", "@sockeye/events"],
    ["packages/engine/src/connection.ts", "node:timers"],
    ["packages/engine/src/connection.ts", "ws"],
    ["packages/engine/src/connection.ts", "@sockeye/testkit"],
    ["packages/engine/src/connection.ts", "@sockeye/protocol/dist/frame.js"],
    ["packages/engine/src/connection.ts", "../../protocol/src/frame.ts"],
    ["packages/engine/src/connection.test.ts", "@sockeye/core"],
    ["packages/core/src/server.ts", "@sockeye/node"],
    ["packages/client/src/manager.ts", "@sockeye/core"],
    ["packages/client/src/manager.ts", "ws"],
    ["hosts/node/src/listen.ts", "@sockeye/protocol"],
    ["hosts/node/src/listen.ts", "@sockeye/client"],
    ["hosts/node/src/listen.ts", "express"],
    ["examples/chat/src/server/main.ts", "@sockeye/core"],
  ])("%s must not import %s", (file, specifier) => {
    const problems = checkFile(file, `import { a } from "${specifier}";`);
    expect(problems).toEqual([`${file}: must not import "${specifier}"`]);
  });
});

describe("inside a package", () => {
  const inside = (files: Record<string, string>): string[] =>
    checkInside(
      new Map(
        Object.entries(files).map(([name, imported]) => [
          `packages/core/src/${name}`,
          imported === "" ? "" : `import type { A } from "${imported}";`,
        ]),
      ),
    );

  it("lets imports run down, and along a folder", () => {
    const files = { "api/socket.ts": "../members/member.ts", "members/member.ts": "./peer.ts" };
    expect(inside({ ...files, "members/peer.ts": "../base/acks.ts", "base/acks.ts": "" })).toEqual(
      [],
    );
  });

  it("refuses a circle, types included, and names its files", () => {
    const files = { "base/a.ts": "./b.ts", "base/b.ts": "./c.ts", "base/c.ts": "./a.ts" };
    expect(inside({ ...files, "base/d.ts": "./a.ts" })).toEqual([
      "a circle of imports: packages/core/src/base/a.ts, packages/core/src/base/b.ts, packages/core/src/base/c.ts",
    ]);
  });

  it("refuses a file that imports itself", () => {
    expect(inside({ "base/a.ts": "./a.ts" })).toEqual([
      "a circle of imports: packages/core/src/base/a.ts",
    ]);
  });

  it("refuses an import that points up", () => {
    expect(inside({ "base/acks.ts": "../api/socket.ts", "api/socket.ts": "" })).toEqual([
      "packages/core/src/base/acks.ts: must not import packages/core/src/api/socket.ts, which stands above it",
    ]);
  });
});

describe("the direction of dependencies", () => {
  const manifest = { name: "@sockeye/engine", version: "0.1.0" };

  it("lets a package depend on what stands below it", () => {
    const dependencies = { "@sockeye/protocol": "0.1.0" };
    expect(
      checkManifest({ folder: "packages/engine", manifest: { ...manifest, dependencies } }),
    ).toEqual([]);
  });

  it.each(["dependencies", "peerDependencies", "optionalDependencies"] as const)(
    "refuses what stands above it in %s",
    (kind) => {
      const reversed = { ...manifest, [kind]: { "@sockeye/core": "0.1.0" } };
      expect(checkManifest({ folder: "packages/engine", manifest: reversed })).toEqual([
        'packages/engine/package.json: must not depend on "@sockeye/core"',
      ]);
    },
  );
});
