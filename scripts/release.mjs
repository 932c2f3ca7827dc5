// `npm run release -- --dry-run`: builds and packs every package, prints what would be published, and checks it. Without
// `--dry-run` it publishes that, with provenance. docs/releasing.md says what to do before.
//
// --repository URL   where the project is, in place of the addresses in package.json; also SOCKEYE_REPOSITORY
// --registry URL     where to publish; npm's setting otherwise
// --tag NAME         the tag on the registry; `latest` otherwise
// --no-provenance    for registries that know none
// --built            packs what is built already

import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./repository.mjs";
import { runScript } from "./run-program.mjs";
import { installPackages } from "./set-up.mjs";

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    repository: { type: "string" },
    registry: { type: "string" },
    tag: { type: "string", default: "latest" },
    "no-provenance": { type: "boolean", default: false },
    built: { type: "boolean", default: false },
  },
});

if (!values.built) {
  await installPackages();
  const code = await runScript("build.mjs");
  if (code !== 0) process.exit(code);
}

// Not before the packages are installed: it uses some.
const { findRelease } = await import("./release/preview.mjs");
const { notReady, publish } = await import("./release/publish.mjs");

const stage = join(root, ".cache/release");
const repository = values.repository ?? process.env["SOCKEYE_REPOSITORY"];
const { packages, problems, lines, version } = await findRelease({ stage, repository });
console.log(lines.join("\n"));
if (!values["dry-run"]) problems.push(...(await notReady(version)));

if (problems.length > 0) {
  for (const problem of problems) console.error(`  ${problem}`);
  console.error(`\nNothing was published: ${problems.length} problem(s).`);
  process.exitCode = 1;
} else if (values["dry-run"]) {
  console.log("\nA dry run: nothing was published.");
} else {
  await publish(stage, packages, {
    registry: values.registry,
    tag: values.tag,
    hasProvenance: !values["no-provenance"],
  });
}
