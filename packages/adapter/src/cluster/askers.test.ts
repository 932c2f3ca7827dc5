// Questions to other nodes: what becomes of answers in several parts, and of sockets that are too long for one message.

import { expect, test } from "vitest";
import type { AdapterSocket } from "../contract.ts";
import { AckAsker, FetchAsker } from "./askers.ts";
import { describeSockets, RESERVE } from "./described-sockets.ts";
import type { Answer, Body } from "./intents.ts";
import { decodeValues, encodeValues } from "./message.ts";

function ask() {
  const found: string[] = [];
  const asker = new FetchAsker(
    (sockets) => void found.push(...sockets.map(({ id }) => id)),
    () => {},
  );
  const answer = (id: string, members: object): boolean =>
    asker.onAnswer("n", { kind: "sockets", ...members } as Answer, encodeValues([{ id }]) as Body);
  const end = (): string[] => {
    asker.onEnd({ reason: "answered", missing: [] });
    return found;
  };
  return { answer, end };
}

test("CN18 an answer is complete when all its parts have arrived, in any order, each once", () => {
  const { answer, end } = ask();
  expect(answer("c", { part: 2, parts: 3 })).toBe(false);
  expect(answer("a", { part: 0, parts: 3, more: true })).toBe(false);
  expect(answer("a", { part: 0, parts: 3, more: true })).toBe(false);
  expect(answer("b", { part: 1, parts: 3, more: true })).toBe(true);
  expect(end().sort()).toEqual(["a", "b", "c"]);
});

test("CN14 parts of older nodes, which have no numbers, are complete with the last one", () => {
  const { answer, end } = ask();
  expect(answer("a", { more: true })).toBe(false);
  expect(answer("b", {})).toBe(true);
  expect(end()).toEqual(["a", "b"]);
});

test("CN18 a socket whose description is longer than the broker takes is described without data", () => {
  const socket = (id: string, data: string): AdapterSocket =>
    ({ id, rooms: new Set([id]), handshake: {}, data }) as unknown as AdapterSocket;
  const unreadable: unknown[] = [];
  const bodies = describeSockets(
    [socket("long", "x".repeat(3 * RESERVE)), socket("short", "x".repeat(RESERVE))],
    2 * RESERVE,
    (id, error) => void unreadable.push([id, (error as { code?: string }).code]),
  );
  const found = bodies.flatMap((body) => decodeValues(body)) as { id: string; data: unknown }[];
  expect(found.map(({ data, id }) => [id, data])).toEqual([
    ["long", {}],
    ["short", "x".repeat(RESERVE)],
  ]);
  expect(unreadable).toEqual([["long", "ERR_CLUSTER_PAYLOAD"]]);
});

test("CN21 an acknowledgement that arrives twice counts once; those of older nodes have no numbers", () => {
  const acks: unknown[] = [];
  const asker = new AckAsker(
    () => {},
    (value) => void acks.push(value),
  );
  const answer = (node: string, members: object, value: string): boolean =>
    asker.onAnswer(node, { kind: "ack", ...members } as Answer, encodeValues([value]) as Body);
  const count = (node: string): boolean => asker.onAnswer(node, { kind: "count", count: 2 }, null);
  expect(answer("n", { number: 0 }, "a")).toBe(false);
  expect(answer("n", { number: 0 }, "a")).toBe(false);
  expect(count("n")).toBe(false);
  expect(answer("n", { number: 0 }, "a")).toBe(false);
  expect(answer("n", { number: 1 }, "b")).toBe(true);
  count("older");
  expect([answer("older", {}, "c"), answer("older", {}, "d")]).toEqual([false, true]);
  expect(acks).toEqual(["a", "b", "c", "d"]);
});
