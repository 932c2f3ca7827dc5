// Membership both ways round, what is told of it, and who is visited for which target.

import { SeededRandom } from "@sockeye/testkit";
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

test("AD6 without an observer membership is the same as with one", () => {
  const names = fc.constantFrom("a", "b", "c", "r");
  const step = fc.record({
    do: fc.constantFrom("enter", "join", "leave", "leaveAll", "show"),
    id: names,
    room: names,
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const nothing = { onCreate() {}, onDelete() {}, onJoin() {}, onLeave() {} };
      const observed = new Rooms(nothing);
      const plain = new Rooms({ ...nothing, isObserving: false });
      for (const own of [observed, plain]) {
        for (const { do: what, id, room } of steps) {
          if (what === "enter") own.enter(id) || own.join(id, [id]);
          else if (what === "join") own.join(id, [room]);
          else if (what === "leave") own.leave(id, room);
          else if (what === "leaveAll") own.leaveAll(id);
          else own.roomsOf(id);
        }
      }
      const shown = ({ members, joined }: Rooms): object => ({
        members: [...members],
        joined: [...joined],
      });
      expect(shown(plain)).toEqual(shown(observed));
    }),
  );
});

describe("walks and listeners", () => {
  /** Rooms whose listener runs `act` at every report; at most 10,000 times, so that a fault ends. */
  function reporting(act: (what: string, room: string, id: string) => void): Rooms {
    let budget = 10_000;
    const report =
      (what: string) =>
      (room: string, id = ""): void => {
        budget -= 1;
        if (budget > 0) act(what, room, id);
      };
    return new Rooms({
      onCreate: report("create"),
      onDelete: report("delete"),
      onJoin: report("join"),
      onLeave: report("leave"),
    });
  }

  const TARGETS: readonly string[][] = [[], ["r"], ["r", "s"]];

  test("AD6 a walk ends although each member that is visited leaves and joins again", () => {
    for (const target of TARGETS) {
      const own = reporting(() => {});
      for (const id of ["a", "b", "c"]) own.join(id, ["r", "s"]);
      for (const except of [undefined, new Set(["none"]), new Set(["x"])]) {
        const seen: string[] = [];
        own.visit(new Set(target), except, (id) => {
          seen.push(id);
          if (seen.length > 100) throw new Error("endless");
          own.leaveAll(id);
          own.join(id, ["r", "s"]);
        });
        expect(seen.sort()).toEqual(["a", "b", "c"]);
      }
    }
  });

  test("AD6 a walk visits who is a member from its start to its turn; a nested one sees the new ones", () => {
    for (const target of TARGETS) {
      const own = reporting(() => {});
      for (const id of ["a", "b", "c"]) own.join(id, ["r"]);
      const seen: string[] = [];
      let nested: string[] = [];
      own.visit(new Set(target), undefined, (id) => {
        seen.push(id);
        if (id !== "a") return;
        own.leaveAll("b");
        own.join("new", ["r", "s"]);
        own.leaveAll("c");
        own.join("c", ["r"]);
        own.visit(new Set(target), undefined, (each) => {
          nested.push(each);
          own.join("late", ["r"]);
        });
        nested = nested.sort();
      });
      expect([seen, nested]).toEqual([["a"], ["a", "c", "new"]]);
    }
  });

  test("AD6 a member of one room that joins another one meanwhile is still visited", () => {
    const own = reporting(() => {});
    for (const id of ["a", "b"]) own.join(id, ["r"]);
    const seen: string[] = [];
    own.visit(new Set(["s", "r"]), undefined, (id) => {
      seen.push(id);
      own.join("b", ["s"]);
    });
    expect(seen).toEqual(["a", "b"]);
  });

  test("AD6 a walk that throws leaves nothing behind", () => {
    const own = reporting(() => {});
    own.join("a", ["r"]);
    const fail = (): void => {
      throw new Error("visit");
    };
    expect(() => own.visit(new Set(), undefined, fail)).toThrow("visit");
    own.join("b", ["r"]);
    const seen: string[] = [];
    own.visit(new Set(["r"]), undefined, (id) => seen.push(id));
    expect(seen).toEqual(["a", "b"]);
  });

  test("AD5 whatever listeners do while they are told, both indexes mirror each other", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new SeededRandom(seed);
      const act = (): void => {
        const id = random.pick(["a", "b", "c"]);
        const room = random.pick(["a", "b", "r", "s"]);
        const step = random.below(4);
        if (step === 0) own.leave(id, room);
        else if (step === 1) own.leaveAll(id);
        else own.join(id, [room, "r"]);
      };
      let depth = 0;
      const own: Rooms = reporting(() => {
        if (depth >= 4 || random.once(2)) return;
        depth += 1;
        act();
        depth -= 1;
      });
      for (let step = 0; step < 30; step++) {
        act();
        const pairs = [...own.members].flatMap(([room, ids]) =>
          [...ids].map((id) => `${id} ${room}`),
        );
        const mirrored = [...own.joined].flatMap(([id, all]) =>
          [...all].map((room) => `${id} ${room}`),
        );
        expect(pairs.sort(), `seed ${seed}`).toEqual(mirrored.sort());
        expect([...own.members.values()].filter(({ size }) => size === 0)).toEqual([]);
      }
    }
  });

  test("AD5 a listener that joins the socket to the room that is created changes nothing", () => {
    const joins: string[] = [];
    const own: Rooms = reporting((what, room, id) => {
      if (what === "create") own.join("a", [room]);
      if (what === "join") joins.push(`${id} ${room}`);
    });
    own.join("a", ["r", "s"]);
    expect(joins).toEqual(["a r", "a s"]);
  });

  test("AD5 a socket that is leaving all rooms cannot join one meanwhile", () => {
    const own = reporting((what, room, id) => {
      if (what === "leave") own.join(id, [room, `${room}+`]);
    });
    own.join("a", ["a", "r"]);
    own.leaveAll("a");
    expect([own.members.size, own.joined.size]).toEqual([0, 0]);
    own.join("a", ["r"]);
    expect([...own.members.keys()]).toEqual(["r"]);
  });
});
