// Offers packed workspaces over the loopback address as they will be offered once they are published, so that
// a project can name them as users will: `npm:@sockeye/socket.io@4.8.100`. Knows these packages and no others.

import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { promisify } from "node:util";

const run = promisify(execFile);

async function manifestIn(file) {
  const { stdout } = await run("tar", ["-xzOf", file, "package/package.json"]);
  return JSON.parse(stdout);
}

/** Offers tarballs, as `pack` returns them, on a free port; `close` ends it. */
export async function offerPackages(tarballs) {
  const byPath = new Map();
  const server = createServer((request, response) => {
    const found = byPath.get(decodeURIComponent(request.url ?? "/"));
    if (found === undefined) response.writeHead(404).end("{}");
    else if (found.kind === "tarball") createReadStream(found.file).pipe(response);
    else {
      response.setHeader("content-type", "application/json").setHeader("cache-control", "no-store");
      response.end(found.body);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const documents = new Map();
  for (const { name, version, integrity, file } of tarballs) {
    const path = `/files/${name.replace("/", "-").replace("@", "")}-${version}.tgz`;
    byPath.set(path, { kind: "tarball", file });
    const manifest = { ...(await manifestIn(file)), dist: { tarball: url + path, integrity } };
    const document = documents.get(name) ?? { name, versions: {} };
    documents.set(name, { ...document, "dist-tags": { latest: version } });
    document.versions[version] = manifest;
    byPath.set(`/${name}`, { kind: "document", body: JSON.stringify(documents.get(name)) });
  }
  return { url, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
