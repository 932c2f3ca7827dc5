// Packages made for Socket.IO, unmodified, on ours: `overrides` put @sockeye/socket.io in the place of `socket.io` and
// @sockeye/socket.io-client in that of `socket.io-client`. One project for all of them; each has a program there that
// fails when something differs, and says at the end what it has checked.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const INSTALL_MS = 180_000;
const PROGRAM_MS = 60_000;
// Read by packages and by Node; set by the test runner, which a user's program does not have around it.
const OF_THE_RUNNER = /^(NODE_ENV|NODE_OPTIONS|NODE_PATH|VITEST.*|TEST|VITE_.*)$/;
const EVERYWHERE = ["echo", "ack", "room", "disconnect"];

let project = "";

async function node(...args: string[]): Promise<string> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name)),
  );
  // What a program prints as errors becomes part of the rejection's message.
  const { stdout } = await run(process.execPath, args, { cwd: project, env, timeout: PROGRAM_MS });
  return stdout;
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "drop-in-"));
  await run(process.execPath, [join(import.meta.dirname, "install.mjs"), project], {
    timeout: INSTALL_MS,
  });
}, INSTALL_MS);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

test("the project has ours alone in the place of socket.io and socket.io-client", () => {
  const modules = join(project, "node_modules");
  const nameOf = (path: string): unknown =>
    JSON.parse(readFileSync(join(modules, path, "package.json"), "utf8")).name;
  expect(nameOf("socket.io")).toBe("@sockeye/socket.io");
  expect(nameOf("socket.io-client")).toBe("@sockeye/socket.io-client");
  const nested = readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(^|node_modules[/\\])(engine\.io(-client|-parser)?|socket\.io-(adapter|parser))$/.test(path),
  );
  expect(nested).toEqual([]);
  expect(existsSync(join(modules, "@socket.io/admin-ui"))).toBe(true);
});

test.each([
  ["require as in 2.x", "callable.cjs", ["require", ...EVERYWHERE]],
  ["@nestjs/platform-socket.io", "nest.mjs", [...EVERYWHERE, "close"]],
  ["@feathersjs/socketio", "feathers.mjs", [...EVERYWHERE, "error"]],
  ["fastify-socket.io", "fastify.mjs", [...EVERYWHERE, "close"]],
  ["express-session and passport", "express.mjs", ["session", "refusal", ...EVERYWHERE, "logout"]],
  [
    "@socket.io/admin-ui",
    "admin.mjs",
    ["login", "config", ...EVERYWHERE, "watching", "statistics", "commands"],
  ],
  ["@opentelemetry/instrumentation-socket.io", "telemetry.cjs", [...EVERYWHERE, "spans"]],
  ["socketio-wildcard", "wildcard.mjs", ["server", "client", ...EVERYWHERE]],
  ["express-socket.io-session", "shared-session.mjs", ["session", "autoSave", ...EVERYWHERE]],
  ["socket.io-prometheus", "prometheus.cjs", ["metrics", ...EVERYWHERE]],
  ["socketio-file-upload", "upload.mjs", ["upload", ...EVERYWHERE]],
  ["@thream/socketio-jwt", "jwt.mjs", ["refusal", "token", ...EVERYWHERE]],
  ["@opentelemetry/instrumentation-socket.io, imported", "telemetry.mjs", [...EVERYWHERE, "spans"]],
])(
  "%s works",
  async (_name, program, checks) => {
    const lines = (await node(program)).trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ checks });
  },
  PROGRAM_MS,
);
