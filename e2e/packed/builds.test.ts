// What the installed packages give to those who load them: by import, by require, by a script tag.
// Each is done with socket.io-client as well, and compared.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import parser from "socket.io-msgpack-parser";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startServer } from "../kit/running-server.ts";
import { installation } from "./run/installation.ts";

const THEIRS = "socket.io-client";
const OURS = "@sockeye/client";
const requireHere = createRequire(import.meta.url);
const requireInstalled = createRequire(join(installation(), "application.js"));
/** As a program does that has installed it: ours from its tarball. */
const require = (path: string): unknown => requireFor(path)(path);
const requireFor = (path: string): NodeJS.Require =>
  path.startsWith(OURS) ? requireInstalled : requireHere;
const resolve = (path: string): string => requireFor(path).resolve(path);
const load = (path: string) => import(pathToFileURL(resolve(path)).href);
const dist = (name: string, file: string): string =>
  join(dirname(resolve(`${name}/package.json`)), "dist", file);

type Library = Record<string, unknown> & ((...args: unknown[]) => Record<string, unknown>);

/** What a function that the package hands out carries. */
const carried = (io: Library): unknown => ({
  isFunction: typeof io === "function",
  names: ["Manager", "Socket", "io", "connect"].map((name) => typeof io[name]),
  isItself: io.io === io && io.connect === io,
  isInstance:
    io("http://127.0.0.1:9", { autoConnect: false, forceNew: true }) instanceof
    (io.Socket as new () => object),
});

/** What a script finds in a page, as far as loading goes. */
function page(more: object = {}): Record<string, unknown> {
  const globals: Record<string, unknown> = { setTimeout, clearTimeout, URL, TextEncoder, ...more };
  return createContext(Object.assign(globals, { self: globals, window: globals }));
}

const run = (file: string, globals: Record<string, unknown>): Record<string, unknown> => {
  runInContext(readFileSync(file, "utf8"), globals);
  return globals;
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("in Node", () => {
  test("require gives the function, with everything on it", () => {
    expect(carried(require(OURS) as Library)).toEqual(carried(require(THEIRS) as Library));
  });

  test("import gives the names and the default", async () => {
    const [theirs, ours] = await Promise.all([import(THEIRS), load(OURS)]);
    expect(carried(ours.default)).toEqual(carried(theirs.default));
    expect(ours.io).toBe(ours.default);
    const missing = Object.keys(theirs).filter((name) => !(name in ours));
    expect(missing).toEqual(["WebTransport"]);
  });

  test.each(["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js"])(
    "the script %s gives the function by require and by import, and makes no global",
    async (file) => {
      const ours = `${OURS}/dist/${file}`;
      expect(carried(require(ours) as Library)).toEqual(
        carried(require(`${THEIRS}/dist/socket.io.js`) as Library),
      );
      expect((await load(ours)).default).toBe(require(ours));
      expect("io" in globalThis).toBe(false);
    },
  );

  test("the path debug leads to the same client", async () => {
    const [theirs, ours] = await Promise.all([import(`${THEIRS}/debug`), load(`${OURS}/debug`)]);
    expect(carried(ours.io)).toEqual(carried(theirs.io));
  });

  test.each(["package.json", "dist/socket.io.js", "dist/socket.io.js.map"])(
    "the path %s leads somewhere",
    (path) => {
      expect(existsSync(resolve(`${THEIRS}/${path}`))).toBe(true);
      expect(existsSync(resolve(`${OURS}/${path}`))).toBe(true);
    },
  );
});

describe("in pages", () => {
  const SCRIPTS = ["socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js"];

  test.each(SCRIPTS)("%s makes the global io", (file) => {
    const [theirs, ours] = [THEIRS, OURS].map((name) => run(dist(name, file), page()).io);
    expect(carried(ours as Library)).toEqual(carried(theirs as Library));
  });

  test.each(SCRIPTS)("%s is a module for those who have CommonJS", (file) => {
    const [theirs, ours] = [THEIRS, OURS].map((name) => {
      const module = { exports: {} };
      run(dist(name, file), page({ module, exports: module.exports }));
      return module.exports;
    });
    expect(carried(ours as Library)).toEqual(carried(theirs as Library));
  });

  test.each(SCRIPTS)("%s is a module for those who have AMD", (file) => {
    const [theirs, ours] = [THEIRS, OURS].map((name) => {
      const made: unknown[] = [];
      const define = (...args: unknown[]): void => {
        made.push((args.at(-1) as () => unknown)());
      };
      run(dist(name, file), page({ define: Object.assign(define, { amd: true }) }));
      return made[0];
    });
    expect(carried(ours as Library)).toEqual(carried(theirs as Library));
  });

  test.each([...SCRIPTS, "socket.io.esm.min.js"])(
    "the files that pages load are there, each with its source map: %s",
    (file) => {
      for (const name of [THEIRS, OURS]) {
        const code = readFileSync(dist(name, file), "utf8");
        expect(code).toContain(`//# sourceMappingURL=${file}.map`);
        const map = JSON.parse(readFileSync(dist(name, `${file}.map`), "utf8"));
        // Ours is its own source where it is readable.
        if (name === OURS && file === "socket.io.js") expect(map.sources).toEqual([]);
        else expect(map.sources.length).toBeGreaterThan(5);
      }
    },
  );

  test.each(["socket.io.min.js", "socket.io.msgpack.min.js", "socket.io.esm.min.js"])(
    "%s is smaller than Socket.IO's, compressed",
    (file) => {
      const [theirs = 0, ours = 0] = [THEIRS, OURS].map(
        (name) => gzipSync(readFileSync(dist(name, file)), { level: 9 }).length,
      );
      expect(ours).toBeLessThan(theirs);
    },
  );

  test.each([THEIRS, OURS])(
    "the script with MessagePack talks to a server with that parser: %s",
    async (name) => {
      await using server = await startServer("socket.io", { parser });
      // In this realm, because ws is of this realm and makes its bytes here.
      vi.stubGlobal("WebSocket", WebSocket);
      const module = { exports: {} };
      const code = readFileSync(dist(name, "socket.io.msgpack.min.js"), "utf8");
      new Function("module", "exports", code)(module, module.exports);
      const io = module.exports as Library;
      server.io.on("connection", (socket) => {
        socket.on("echo", (value, answer) => answer(value));
      });
      const client = io(server.url, { transports: ["websocket"], forceNew: true });
      // Theirs takes no views here.
      const value = { text: "é", bytes: Uint8Array.of(1, 2).buffer, list: [1, null, true] };
      const answer = await (client.emitWithAck as (...args: unknown[]) => Promise<typeof value>)(
        "echo",
        value,
      );
      expect([...new Uint8Array(answer.bytes)]).toEqual([1, 2]);
      expect({ ...answer, bytes: 0 }).toEqual({ ...value, bytes: 0 });
      (client.disconnect as () => void)();
    },
  );

  test("the ES module has the names of the package", async () => {
    // Theirs as a data address: Socket.IO's package says of no file that it is an ES module.
    const code = readFileSync(dist(THEIRS, "socket.io.esm.min.js"));
    const theirs = await import(`data:text/javascript;base64,${code.toString("base64")}`);
    const ours = await import(pathToFileURL(dist(OURS, "socket.io.esm.min.js")).href);
    const missing = Object.keys(theirs).filter((name) => !(name in ours));
    expect(missing).toEqual(["WebTransport"]);
  });
});
