// The pictures of the architecture: what is read of tables, and that each state and package is in its picture.

import { describe, expect, test } from "vitest";
import { byColumns, byRows, tableAfter } from "./diagrams/states.mjs";
import { layers } from "./layers.mjs";
import { pictures } from "./make-diagrams.mjs";

const PAGE = `The rule.

| | \`idle\` | \`open, resumed\` |
|---|---|---|
| \`open\` | open | – |
| \`close\` | · | idle |

## Another

| | open | lost |
|---|---|---|
| **open** | – | → closed; else → open |
`;

describe("pictures", () => {
  test("states in the head of a table", () => {
    expect(byColumns(tableAfter(PAGE, "The rule."))).toEqual({
      states: ["idle", "open"],
      transitions: [
        { from: "idle", to: "open", event: "open" },
        { from: "open", to: "idle", event: "close" },
      ],
    });
  });

  test("states at the left of a table, with arrows", () => {
    expect(byRows(tableAfter(PAGE, "## Another"))).toEqual({
      states: ["open"],
      transitions: [
        { from: "open", to: "closed", event: "lost" },
        { from: "open", to: "open", event: "lost" },
      ],
    });
    expect(() => tableAfter(PAGE, "elsewhere")).toThrow("no table");
  });

  test("each package is in the picture of layers, each state in that of its machine", () => {
    const all = pictures();
    const missing = Object.keys(layers).filter(
      (folder) => !all["docs/images/layers.svg"]?.includes(`>${folder.replace("packages/", "")}<`),
    );
    expect(missing).toEqual([]);
    for (const state of ["idle", "connecting", "open", "waiting", "closed"]) {
      expect(all["docs/images/client-states.svg"]).toContain(`>${state}<`);
    }
    for (const state of ["open", "upgrading", "closing", "failing", "closed"]) {
      expect(all["docs/images/connection-states.svg"]).toContain(`>${state}<`);
    }
  });
});
