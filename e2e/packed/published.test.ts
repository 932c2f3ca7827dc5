// The packages as their users get them: published to a registry, which runs at the loopback address and has nothing else but
// what they depend on, and installed from there by npm; by their names, in the place of Socket.IO by an
// alias, and in that of a package's dependency by `overrides`; by npm, pnpm and both Yarns. Part of `SOCKEYE_MATRIX=1`.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { facades } from "../../scripts/packaging/facades.mjs";
import { addressesOf } from "../../scripts/release/addresses.mjs";
import { layOut, packAll, publishable } from "../../scripts/release/archives.mjs";
import { publish } from "../../scripts/release/publish.mjs";
import { foreignPackages } from "../kit/packages/pack.mjs";
import { runNode } from "./run/clean-node.ts";
import {
  INSTALL_MS,
  MANAGERS,
  prepareRegistry,
  type RunningRegistry,
  startRegistry,
} from "./run/registry-server.ts";

const PROGRAMS = join(import.meta.dirname, "programs");
const STAND_INS = ["socket.io", "socket.io-client"];
const TEST_MS = 120_000;

let folder = "";
let offer: RunningRegistry;
let settings = "";

beforeAll(async () => {
  await prepareRegistry();
  folder = mkdtempSync(join(tmpdir(), "published-"));
  offer = await startRegistry(join(folder, "store"));
  // Verdaccio lets everybody in, and npm asks for a token all the same.
  settings = `registry=${offer.url}/\n${offer.url.slice("http:".length)}/:_authToken=anybody\n`;
  await publishForeign();
}, INSTALL_MS);

afterAll(async () => {
  await offer?.program.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Publishes what ours depend on, as it is installed here, and a package that was written for Socket.IO. */
async function publishForeign(): Promise<void> {
  const project = join(folder, "foreign");
  for (const found of await foreignPackages()) {
    cpSync(found, join(project, basename(found)), { recursive: true });
  }
  const written = join(PROGRAMS, "registry/notifications");
  cpSync(written, join(project, "notifications"), { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "private": true, "workspaces": ["*"] }');
  writeFileSync(join(project, ".npmrc"), settings);
  await npmIn(project, "publish", "--workspaces", "--ignore-scripts");
}

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_ENV|VITEST)/i.test(name),
  );
  return { ...Object.fromEntries(own), npm_config_cache: join(folder, "npm-cache") };
}

/** Rejects with what the program has printed, when it fails. */
async function execute(program: string, args: string[], options: object): Promise<void> {
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

async function npmIn(cwd: string, ...args: string[]): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier"];
  await execute("npm", [...args, ...quiet], { cwd, env: environment() });
}

function projectOf(name: string, manifest: object): string {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, ...manifest }));
  writeFileSync(join(project, ".npmrc"), settings);
  return project;
}

test(
  "what is published is what was packed and checked",
  async () => {
    const stage = join(folder, "stage");
    const packages = publishable();
    await layOut(stage, packages, addressesOf("https://forge.example/owner/sockeye"));
    writeFileSync(join(stage, ".npmrc"), settings);
    const packed = await packAll(stage, packages, join(folder, "archives"));
    const choices = { registry: offer.url, tag: "latest", hasProvenance: false };
    await publish(stage, packages, choices);
    for (const { name, version, integrity } of packed) {
      const response = await fetch(`${offer.url}/${name.replace("/", "%2f")}/latest`);
      expect(await response.json()).toMatchObject({
        version,
        dist: { integrity },
        homepage: "https://forge.example/owner/sockeye#readme",
      });
    }
    // Nothing is left to do, so nothing is tried: a registry refuses a version that it has.
    await publish(stage, packages, choices);
  },
  TEST_MS,
);

test(
  "npm install @sockeye/node @sockeye/client",
  async () => {
    const project = projectOf("direct", { type: "module" });
    await npmIn(project, "install", "@sockeye/node", "@sockeye/client");
    cpSync(join(PROGRAMS, "conversation.mjs"), join(project, "conversation.mjs"));
    const { stdout } = await runNode(["conversation.mjs"], { cwd: project });
    expect(JSON.parse(stdout).done).toContain("require");
  },
  TEST_MS,
);

/** Dependencies by their aliases, as in the guide. */
const aliases = Object.fromEntries(
  STAND_INS.map((name) => [name, `npm:@sockeye/${name}@${facades[`facades/${name}`]?.version}`]),
);
const dependencies = { ...aliases, notifications: "^1.0.0" };

const managers: readonly [string, object, (project: string) => Promise<void>][] = [
  [
    "npm",
    { dependencies, overrides: aliases },
    async (project: string) => npmIn(project, "install"),
  ],
  ["pnpm", { dependencies, pnpm: { overrides: aliases } }, pnpm],
  ["yarn 1", { dependencies, resolutions: aliases }, yarn1],
  ["yarn 4", { dependencies, resolutions: aliases }, yarn4],
];

test.each(managers)(
  "%s puts ours in the place of Socket.IO, for the project and for a package of another",
  async (name, manifest, install) => {
    const project = projectOf(name.replace(" ", "-"), manifest);
    await install(project);
    cpSync(join(PROGRAMS, "registry/talk.cjs"), join(project, "talk.cjs"));
    const { stdout } = await runNode(["talk.cjs"], { cwd: project });
    const done = ["one instance", "websocket", "polling", "a package", "the client's script"];
    expect(JSON.parse(stdout)).toEqual(done);
    expect(readdirSync(join(project, "node_modules"))).not.toContain("engine.io");
  },
  TEST_MS,
);

async function runManager(program: string, cwd: string, args: string[]): Promise<void> {
  const env = { ...environment(), HOME: folder, XDG_CONFIG_HOME: folder };
  await execute(process.execPath, [program, ...args], { cwd, env });
}

async function pnpm(project: string): Promise<void> {
  const kept = ["--store-dir", join(folder, "pnpm-store"), `--config.cache-dir=${folder}`];
  await runManager(MANAGERS.pnpm, project, ["install", ...kept]);
}

async function yarn1(project: string): Promise<void> {
  const kept = ["--cache-folder", join(folder, "yarn-cache"), "--non-interactive"];
  await runManager(MANAGERS["yarn 1"], project, ["install", "--no-lockfile", ...kept]);
}

async function yarn4(project: string): Promise<void> {
  const file = {
    npmRegistryServer: offer.url,
    unsafeHttpWhitelist: ["127.0.0.1"],
    nodeLinker: "node-modules",
    enableGlobalCache: false,
    enableTelemetry: false,
    enableImmutableInstalls: false,
    enableScripts: false,
  };
  writeFileSync(join(project, ".yarnrc.yml"), JSON.stringify(file));
  writeFileSync(join(project, "yarn.lock"), "");
  await runManager(MANAGERS["yarn 4"], project, ["install"]);
}
