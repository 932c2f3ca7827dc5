// What the server keeps in memory: rooms, people and pictures, and that all three stay bounded.
import { expect, test } from "vitest";
import { historyLength, maxRooms } from "../shared/limits.ts";
import { People } from "./people.ts";
import { Pictures } from "./pictures.ts";
import { Room, Rooms } from "./rooms.ts";

const ada = { id: "a", name: "Ada" };

test("a room keeps its newest messages, numbered, at times that only rise", () => {
  const room = new Room("lobby");
  for (let count = 1; count <= historyLength + 5; count += 1) {
    room.add({ id: String(count), author: ada, text: "" });
  }
  const history = room.history();
  expect(history.map(({ number }) => number)).toEqual(
    Array.from({ length: historyLength }, (_, index) => index + 6),
  );
  expect(history.every(({ at }, index) => at > (history[index - 1]?.at ?? 0))).toBe(true);
  expect(room.summary()).toEqual({ name: "lobby", count: historyLength + 5 });
  expect(room.find("a", String(historyLength + 5))?.number).toBe(historyLength + 5);
  expect(room.find("b", String(historyLength + 5))).toBeUndefined();
});

test("when there are too many rooms, one that nobody shows makes way, never the lobby", () => {
  const rooms = new Rooms();
  for (let count = 1; count < maxRooms; count += 1) rooms.create(`room-${count}`, new Set());
  rooms.create("new", new Set(["room-1"]));
  const names = rooms.list().map(({ name }) => name);
  expect(names).toHaveLength(maxRooms);
  expect(names.slice(0, 3)).toEqual(["lobby", "room-1", "room-3"]);
  expect(() => rooms.create("one more", new Set(names))).toThrow(/rooms already/);
});

test("a person is online from the first tab to the last, and counts once", () => {
  const people = new People();
  people.arrive(ada, "tab 1");
  people.arrive({ ...ada, name: "Ada Lind" }, "tab 2");
  people.look("a", "tab 1", "lobby");
  people.look("a", "tab 2", "lobby");
  expect(people.list()).toEqual([{ id: "a", name: "Ada Lind", rooms: ["lobby"] }]);
  people.look("a", "tab 2", "upstream");
  people.leave("a", "tab 1");
  expect(people.list()).toEqual([{ id: "a", name: "Ada Lind", rooms: ["upstream"] }]);
  people.leave("a", "tab 2");
  people.leave("a", "tab 2");
  expect(people.list()).toEqual([]);
});

test("the oldest pictures make way for new ones", () => {
  const pictures = new Pictures(10);
  const keep = (size: number): string =>
    pictures.keep({ bytes: new Uint8Array(size), type: "image/png", width: 1, height: 1 }).id;
  const [first, second, third] = [keep(4), keep(4), keep(4)];
  expect(() => pictures.bytesOf(first)).toThrow(/no longer kept/);
  expect(pictures.bytesOf(second)).toHaveLength(4);
  expect(pictures.bytesOf(third)).toHaveLength(4);
});
