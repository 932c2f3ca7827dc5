// The table of the matrix tells passed, failed and absent cells apart.
import { expect, test } from "vitest";
import { type Cell, pairName, pairs } from "../matrix/cells.ts";
import { matrixTables } from "./matrix-table.ts";

const cell = (feature: Cell["feature"]): Cell => ({
  pair: pairName(pairs[0] ?? { server: "sockeye", client: "sockeye" }),
  mode: "websocket",
  feature,
});

test("a cell is ✓ when all its tests passed, ✗ when one failed, – when none ran", () => {
  const [, websocket = ""] = matrixTables([
    { cell: cell("text"), passed: true },
    { cell: cell("text"), passed: true },
    { cell: cell("acks"), passed: true },
    { cell: cell("acks"), passed: false },
  ]).split("WebSocket only");
  const row = websocket.split("\n").find((line) => line.startsWith("| sockeye × socket.io-client"));
  const cells = row?.split("|").map((text) => text.trim());
  expect(cells?.slice(2, 6)).toEqual(["✓", "–", "✗ 1/2", "–"]);
});
