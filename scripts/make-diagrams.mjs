// Writes the pictures of the architecture from the tables that hold it: layers from layers.mjs, states and the way of a message from the
// tables that tests compare with the code. With --check it writes nothing, and fails when a picture is not up to date.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layersPicture } from "./diagrams/layers-picture.mjs";
import { messagePicture } from "./diagrams/message-picture.mjs";
import { byColumns, byRows, statesPicture, tableAfter } from "./diagrams/states.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/** The pictures by their paths. @returns {Record<string, string>} */
export function pictures() {
  const architecture = read("docs/architecture.md");
  const client = read("docs/spec/client.md");
  return {
    "docs/images/layers.svg": layersPicture(),
    "docs/images/message.svg": messagePicture(
      tableAfter(architecture, "## The path of one message"),
    ),
    "docs/images/connection-states.svg": statesPicture(
      "The states of a connection, on the server",
      byRows(tableAfter(architecture, "## The states of a connection")),
    ),
    "docs/images/client-states.svg": statesPicture(
      "The states of a client's connection",
      byColumns(tableAfter(client, "**CL30**")),
    ),
  };
}

await runAsStep(import.meta.url, () => {
  const stale = Object.entries(pictures()).filter(
    ([file, text]) => !existsSync(join(root, file)) || read(file) !== text,
  );
  const summary = `${Object.keys(pictures()).length} pictures`;
  if (process.argv.includes("--check")) {
    const problems = stale.map(([file]) => `${file}: not up to date; run npm run diagrams`);
    return { problems, summary };
  }
  for (const [file, text] of stale) writeFileSync(join(root, file), text);
  return { problems: [], summary: `${summary}, ${stale.length} written` };
});
