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

  test("a socket's own room and its rooms are sets of their own, and stay the same ones", () => {
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

  test("what joining, leaving and going does to both sides, whoever looks and when, against a model", () => {
    const name = fc.constantFrom("a", "b", "c", "r");
    const does = fc.constantFrom("join", "join", "leave", "leaveAll", "look", "hold");
    const steps = fc.array(fc.tuple(does, fc.constantFrom("a", "b", "c"), name));
    fc.assert(
      fc.property(steps, (taken) => {
        const members = new Map<string, Set<string>>();
        const joined = new Map<string, Set<string>>();
        const put = (map: Map<string, Set<string>>, key: string, value: string): void => {
          map.set(key, (map.get(key) ?? new Set()).add(value));
        };
        const remove = (id: string, room: string): void => {
          joined.get(id)?.delete(room);
          members.get(room)?.delete(id);
          if (members.get(room)?.size === 0) members.delete(room);
        };
        const own = new Rooms({ onCreate() {}, onDelete() {}, onJoin() {}, onLeave() {} });
        let held = new Map<string, Set<string> | undefined>();
        for (const [step, id, room] of taken) {
          if (step === "join") {
            own.join(id, [room]);
            put(members, room, id);
            put(joined, id, room);
          } else if (step === "leave") {
            own.leave(id, room);
            remove(id, room);
          } else if (step === "leaveAll") {
            own.leaveAll(id);
            for (const each of joined.get(id) ?? []) remove(id, each);
            joined.delete(id);
            held.delete(id);
          } else if (step === "look") {
            held = new Map(own.joined);
          } else held.set(id, own.roomsOf(id));
          for (const each of ["a", "b", "c", "r"]) {
            const seen: string[] = [];
            own.visit(new Set([each]), undefined, (member) => seen.push(member));
            expect(seen).toEqual([...(members.get(each) ?? [])]);
          }
          for (const [each, set] of held)
            if (set !== undefined) expect(set).toEqual(joined.get(each));
        }
        // In the order of the map's own entries too.
        expect([...own.members].map(([key, set]) => [key, ...set])).toEqual(
          [...members].map(([key, set]) => [key, ...set]),
        );
        expect([...own.joined].map(([key, set]) => [key, ...set])).toEqual(
          [...joined].map(([key, set]) => [key, ...set]),
        );
      }),
    );
  });

  test("a map that was given out goes on to show everything", () => {
    rooms.join("a", ["a"]);
    const { joined, members } = rooms;
    rooms.join("b", ["b"]);
    rooms.join("b", ["r"]);
    rooms.leave("a", "a");
    expect(members).toEqual(
      new Map([
        ["b", new Set("b")],
        ["r", new Set("b")],
      ]),
    );
    expect(joined).toEqual(
      new Map([
        ["a", new Set()],
        ["b", new Set("br")],
      ]),
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
