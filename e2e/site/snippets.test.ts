// Code of pages that nothing else compiles or runs: that for frameworks, with their types; files for deployment, by what reads them.

import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isSiteThere } from "../../scripts/site.mjs";

const root = join(import.meta.dirname, "../..");
const SNIPPETS = join(root, "docs/site/snippets");
const isThere = isSiteThere();

interface YamlDocument {
  readonly errors: readonly Error[];
  toJS(): unknown;
}
/** Of the site's own packages. */
function parseAllDocuments(text: string): YamlDocument[] {
  const require = createRequire(join(root, "docs/site/package.json"));
  const yaml = require("yaml") as { parseAllDocuments(text: string): YamlDocument[] };
  return yaml.parseAllDocuments(text);
}

const read = (name: string): string => readFileSync(join(SNIPPETS, "deploy", name), "utf8");

test.skipIf(!isThere)(
  "the code of the pages on frameworks is well typed",
  async () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, "-p", join(SNIPPETS, "frameworks"), "--pretty", "false"];
    const { stdout } = await promisify(execFile)(process.execPath, args).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  },
  120_000,
);

interface Probe {
  httpGet: { path: string; port: number };
}
interface Deployment {
  kind: string;
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        containers: {
          ports: { containerPort: number }[];
          readinessProbe: Probe;
          livenessProbe: Probe;
        }[];
      };
    };
  };
}

/** The deadline that the server of the page gives itself, in seconds. */
function longestStop(): number {
  const [, delay = "", deadline = ""] =
    /delay: ([\d_]+), deadline: ([\d_]+)/.exec(read("server.mjs")) ?? [];
  return (Number(delay.replace("_", "")) + Number(deadline.replace("_", ""))) / 1000;
}

test.skipIf(!isThere)(
  "Kubernetes: it is YAML, asks what the server answers, and waits for it to stop",
  () => {
    const documents = parseAllDocuments(read("kubernetes.yaml"));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    const [deployment] = documents.map((each) => each.toJS() as Deployment);
    const { containers, terminationGracePeriodSeconds } = deployment!.spec.template.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThan(longestStop());
    const [container] = containers;
    expect([container!.readinessProbe.httpGet.path, container!.livenessProbe.httpGet.path]).toEqual(
      ["/socket.io/ready", "/socket.io/health"],
    );
  },
);

test.skipIf(!isThere)("Compose: it is YAML, and waits for the server to stop", () => {
  const [document] = parseAllDocuments(read("compose.yaml"));
  expect(document?.errors).toEqual([]);
  const { services } = document!.toJS() as { services: { app: { stop_grace_period: string } } };
  expect(parseInt(services.app.stop_grace_period, 10)).toBeGreaterThan(longestStop());
});

test("Docker: the process is started without a shell", () => {
  expect(read("Dockerfile")).toMatch(/^CMD \["node", "server\.mjs"\]$/m);
});

test("the file for PM2 is loaded, and waits for the server to stop", () => {
  const { apps } = createRequire(import.meta.url)(
    join(SNIPPETS, "deploy/ecosystem.config.cjs"),
  ) as {
    apps: { script: string; kill_timeout: number }[];
  };
  expect(apps[0]?.script).toBe("server.mjs");
  expect(apps[0]!.kill_timeout / 1000).toBeGreaterThan(longestStop());
});

test("systemd: the unit is valid, and waits for the server to stop", ({ skip }) => {
  const unit = read("chat.service");
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(longestStop());
  try {
    execFileSync("systemd-analyze", ["--version"]);
  } catch {
    skip("there is no systemd-analyze on this machine");
  }
  execFileSync("systemd-analyze", ["verify", join(SNIPPETS, "deploy/chat.service")]);
});
