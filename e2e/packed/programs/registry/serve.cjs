// `node serve.cjs VERDACCIO FOLDER`: a registry with an empty store, at a free port of the loopback address, that knows no
// other registry. Reports its port.

const { mkdirSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [verdaccio, folder] = process.argv.slice(2);
const { runServer } = createRequire(verdaccio)("verdaccio");

async function main() {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "config.yaml");
  const config = {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd") } },
    packages: { "**": { access: "$all", publish: "$all", unpublish: "$all" } },
    uplinks: {},
    web: { enable: false },
    log: { type: "stdout", format: "json", level: "error" },
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ ...config, self_path: folder }));
  const server = await runServer(file);
  server.listen(0, "127.0.0.1", () => {
    process.send({ name: "ready", args: [server.address().port] });
  });
}

void main();
