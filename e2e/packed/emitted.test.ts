// What the compiler made of the sources: the entry for WebTransport as it is built, and a fault of the compiler that
// showed there. It renames a class's own name inside the class, and once renamed a property of the same name as well.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WebTransport } from "@sockeye/client/webtransport";
import { afterEach, expect, test, vi } from "vitest";

const root = join(import.meta.dirname, "../..");

afterEach(() => {
  vi.unstubAllGlobals();
});

test("CL27 the built entry for WebTransport finds the platform's class", async () => {
  const opened = new Promise<string>((resolve) => {
    class PlatformClass {
      readonly ready = new Promise(() => {});
      readonly closed = new Promise(() => {});
      constructor(url: string) {
        resolve(url);
      }
    }
    vi.stubGlobal("WebTransport", PlatformClass);
  });
  const transport = new WebTransport({
    options: {},
    url: (scheme) => `${scheme}://here/?transport=webtransport`,
    binaryType: () => "arraybuffer",
  });
  transport.sink = {
    onConnect() {},
    onOpen() {},
    onFrame() {},
    onDrain() {},
    onClose() {},
    onError(error) {
      throw error;
    },
  };
  transport.open();
  expect(await opened).toBe("https://here/?transport=webtransport");
});

/** Every compiled file of the packages. */
function compiled(): string[] {
  return ["packages", "hosts"].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => {
      const dist = join(root, parent, name, "dist");
      if (!existsSync(dist)) return [];
      return readdirSync(dist, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".js") && !/^(?:commonjs\/)?socket\.io\./.test(file))
        .map((file) => join(dist, file));
    }),
  );
}

/** The compiler's own names for classes, where they stand as names of properties. */
function renamedProperties(code: string): string[] {
  const names = [...code.matchAll(/^(_[a-z]) = \w+;$/gm)].map(([, name]) => name);
  return names.flatMap(
    (name) => code.match(new RegExp(`[{,]\\s*${name}\\s*:|\\.${name}\\b`, "g")) ?? [],
  );
}

test("CL27 no property in a compiled file has a name that the compiler has made up", () => {
  expect(renamedProperties("_a = X;\nconst { _a: Constructor } = globalThis;")).toHaveLength(1);
  const files = compiled();
  expect(files.length).toBeGreaterThan(200);
  const wrong = files.flatMap((file) =>
    renamedProperties(readFileSync(file, "utf8")).map((found) => `${file}: ${found}`),
  );
  expect(wrong).toEqual([]);
});
