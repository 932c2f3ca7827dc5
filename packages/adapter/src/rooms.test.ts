// Membership both ways round, what is told of it, and who is visited for which target.

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Rooms, type RoomsObserver } from "./rooms.ts";

let told: string[];
let rooms: Rooms;

beforeEach(() => {
  told = [];
  const observer: RoomsObserver = {
    onCreate: (room) => told.push(`create ${room}`),
    onDelete: (room) => told.push(`delete ${room}`),
    onJoin: (room, id) => told.push(`join ${room} ${id}`),
    onLeave: (room, id) => told.push(`leave ${room} ${id}`),
  };
  rooms = new Rooms(observer);
});

/** Both maps as plain data. */
function membership(): { members: object; joined: object } {
  const plain = (map: Map<string, Set<string>>): object =>
    Object.fromEntries([...map].map(([key, set]) => [key, [...set]]));
  return { members: plain(rooms.members), joined: plain(rooms.joined) };
}

function visited(target: readonly string[], except?: readonly string[]): string[] {
  const ids: string[] = [];
  rooms.visit(new Set(target), except === undefined ? undefined : new Set(except), (id) =>
    ids.push(id),
  );
  return ids;
}

describe("membership", () => {
  test("is known from both sides, and told: rooms before members", () => {
    rooms.join("a", ["r", "s"]);
    rooms.join("b", ["r"]);
    expect(membership()).toEqual({
      members: { r: ["a", "b"], s: ["a"] },
      joined: { a: ["r", "s"], b: ["r"] },
    });
    expect(told).toEqual(["create r", "join r a", "create s", "join s a", "join r b"]);
  });

  test("a socket's own room and its rooms part when either changes", () => {
    rooms.join("a", ["a"]);
    rooms.join("b", ["b"]);
    const mine = rooms.joined.get("a");
    rooms.join("a", ["r"]);
    rooms.join("c", ["b"]);
    expect(membership()).toEqual({
      members: { a: ["a"], b: ["b", "c"], r: ["a"] },
      joined: { a: ["a", "r"], b: ["b"], c: ["b"] },
    });
    expect(rooms.joined.get("a")).toBe(mine);
    rooms.leave("a", "a");
    rooms.leave("b", "b");
    rooms.leaveAll("c");
    expect(membership()).toEqual({ members: { r: ["a"] }, joined: { a: ["r"], b: [] } });
  });

  test("what joining, leaving and going does to both sides, against a model", () => {
    const name = fc.constantFrom("a", "b", "c", "r");
    const does = fc.constantFrom("join", "join", "leave", "leaveAll");
    fc.assert(
      fc.property(fc.array(fc.tuple(does, fc.constantFrom("a", "b", "c"), name)), (steps) => {
        const pairs = new Set<string>();
        const own = new Rooms({ onCreate() {}, onDelete() {}, onJoin() {}, onLeave() {} });
        for (const [step, id, room] of steps) {
          if (step === "join") {
            own.join(id, [room]);
            pairs.add(`${id} ${room}`);
          } else if (step === "leave") {
            own.leave(id, room);
            pairs.delete(`${id} ${room}`);
          } else {
            own.leaveAll(id);
            for (const pair of [...pairs]) if (pair.startsWith(id)) pairs.delete(pair);
          }
          const sides = [
            [...own.joined].flatMap(([id, set]) => [...set].map((room) => `${id} ${String(room)}`)),
            [...own.members].flatMap(([room, set]) =>
              [...set].map((id) => `${id} ${String(room)}`),
            ),
          ];
          for (const side of sides) expect(side.sort()).toEqual([...pairs].sort());
        }
      }),
    );
  });

  test("joining again changes and tells nothing", () => {
    rooms.join("a", ["r"]);
    told.length = 0;
    rooms.join("a", ["r", "r"]);
    expect(told).toEqual([]);
    expect(membership().members).toEqual({ r: ["a"] });
  });

  test("joining nothing makes a member of nothing", () => {
    rooms.join("a", []);
    expect(membership()).toEqual({ members: {}, joined: { a: [] } });
    expect(visited([])).toEqual(["a"]);
  });

  test("a room ends with its last member", () => {
    rooms.join("a", ["r"]);
    rooms.join("b", ["r"]);
    told.length = 0;
    rooms.leave("a", "r");
    rooms.leave("b", "r");
    expect(told).toEqual(["leave r a", "leave r b", "delete r"]);
    expect(membership()).toEqual({ members: {}, joined: { a: [], b: [] } });
  });

  test("leaving where one is not changes and tells nothing", () => {
    rooms.join("a", ["r"]);
    told.length = 0;
    for (const [id, room] of [
      ["b", "r"],
      ["a", "s"],
      ["b", "s"],
    ] as const)
      rooms.leave(id, room);
    rooms.leaveAll("b");
    expect(told).toEqual([]);
    expect(membership()).toEqual({ members: { r: ["a"] }, joined: { a: ["r"] } });
  });

  test("leaving all leaves nothing behind", () => {
    rooms.join("a", ["r", "s"]);
    rooms.join("b", ["s"]);
    told.length = 0;
    rooms.leaveAll("a");
    rooms.leaveAll("a");
    expect(told).toEqual(["leave r a", "delete r", "leave s a"]);
    expect(membership()).toEqual({ members: { s: ["b"] }, joined: { b: ["s"] } });
  });

  test("names that objects have by birth are rooms and ids like any other", () => {
    rooms.join("__proto__", ["constructor", "__proto__"]);
    expect(visited(["__proto__"])).toEqual(["__proto__"]);
    rooms.leaveAll("__proto__");
    expect([rooms.members.size, rooms.joined.size]).toEqual([0, 0]);
  });
});

describe("targets", () => {
  beforeEach(() => {
    rooms.join("a", ["a", "r"]);
    rooms.join("b", ["b", "r", "s"]);
    rooms.join("c", ["c", "s"]);
    rooms.join("d", ["d"]);
  });

  test.each<[rooms: string[], except: string[] | undefined, ids: string[]]>([
    [[], undefined, ["a", "b", "c", "d"]],
    [[], [], ["a", "b", "c", "d"]],
    [[], ["a"], ["b", "c", "d"]],
    [[], ["r"], ["c", "d"]],
    [[], ["r", "s"], ["d"]],
    [[], ["none"], ["a", "b", "c", "d"]],
    [["r"], undefined, ["a", "b"]],
    [["r", "s"], undefined, ["a", "b", "c"]],
    [["s", "r", "b"], undefined, ["b", "c", "a"]],
    [["r", "s"], ["b"], ["a", "c"]],
    [["r"], ["r"], []],
    [["r", "none"], undefined, ["a", "b"]],
    [["none"], undefined, []],
    [["d"], ["r", "none"], ["d"]],
  ])("%j without %j is %j, each once", (target, except, ids) => {
    expect(visited(target, except)).toEqual(ids);
  });

  test("who is visited may leave meanwhile, and others too", () => {
    const seen: string[] = [];
    rooms.visit(new Set(["r", "s"]), undefined, (id) => {
      seen.push(id);
      rooms.leaveAll(id);
      rooms.leaveAll("c");
    });
    expect(seen).toEqual(["a", "b"]);
  });
});
