#!/usr/bin/env node
// Prints the AsyncAPI document of a contract.
//
//   sockeye-contract asyncapi ./contract.mjs --export chat --title Chat --version 1.0.0
//     --namespace /chat      default /
//     --host chat.example    adds a server, with --protocol ws or wss (default)
//     --out asyncapi.json    default: standard output

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { asyncApi } from "../dist/esm/index.js";

const USAGE =
  "sockeye-contract asyncapi FILE --title TITLE --version VERSION [--export NAME] [--namespace NAME] [--host HOST] [--protocol ws|wss] [--out FILE]";

/**
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  const text = { type: /** @type {const} */ ("string") };
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        export: text,
        title: text,
        version: text,
        namespace: text,
        host: text,
        protocol: text,
        out: text,
      },
    });
  } catch (error) {
    return refuse(String(error));
  }
}

const { positionals, values } = readArguments();
const [command, file] = positionals;
if (command !== "asyncapi" || file === undefined) refuse("Which file?");
const { title, version, namespace, host, protocol = "wss" } = values;
if (title === undefined || version === undefined) refuse("--title and --version are needed");
if (protocol !== "ws" && protocol !== "wss") refuse("--protocol is ws or wss");
const module = await import(pathToFileURL(resolve(file)).href);
const contract = module[values.export ?? "default"];
if (contract === undefined) refuse(`${file} exports no ${values.export ?? "default"}`);
const document = asyncApi(contract, {
  title,
  version,
  ...(namespace !== undefined && { namespace }),
  ...(host !== undefined && { server: { host, protocol } }),
});
const json = `${JSON.stringify(document, null, 2)}\n`;
if (values.out === undefined) process.stdout.write(json);
else writeFileSync(values.out, json);
