// Our emitters against node:events for the subset they share, then what Node's does not have.
// `errorMonitor`, `captureRejections` and `newListener` are left out on purpose; the warning about many listeners: hosts/node.

import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { CatchAll } from "./catch-all.ts";
import { Emitter } from "./emitter.ts";
import {
  callEntry,
  type Entries,
  type Entry,
  type EventKey,
  isList,
  type Listener,
  Listeners,
} from "./listeners.ts";
import { SocketEmitter } from "./socket-emitter.ts";

/** What the contract uses of an emitter. */
interface Contract {
  on(event: EventKey, listener: Listener): unknown;
  addListener(event: EventKey, listener: Listener): unknown;
  once(event: EventKey, listener: Listener): unknown;
  prependListener(event: EventKey, listener: Listener): unknown;
  prependOnceListener(event: EventKey, listener: Listener): unknown;
  off(event: EventKey, listener: Listener): unknown;
  removeListener(event: EventKey, listener: Listener): unknown;
  removeAllListeners(event?: EventKey): unknown;
  listeners(event: EventKey): unknown[];
  listenerCount(event: EventKey): number;
  eventNames(): (string | symbol)[];
  emit(event: EventKey, ...args: unknown[]): boolean;
}

class Ours extends Emitter implements Contract {
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.listenersByEvent.raise(this, event, args);
  }
}

/** What a script of calls did, in words: compared between Node's emitter and ours. */
type Script = (emitter: Contract, journal: string[]) => void;

const SYMBOL = Symbol("s");

function named(name: string, journal: string[], reaction: () => void = () => {}): Listener {
  return (...args: unknown[]) => {
    journal.push(`${name}(${args.join()})`);
    reaction();
  };
}

const SCRIPTS: readonly [title: string, script: Script][] = [
  [
    "listeners are called in order, with all arguments",
    (emitter, journal) => {
      for (const name of ["a", "b", "c"]) emitter.on("x", named(name, journal));
      emitter.emit("x", 1, 2, 3, 4, 5);
      emitter.emit("x");
    },
  ],
  [
    "emit tells whether anybody listens",
    (emitter, journal) => {
      journal.push(String(emitter.emit("x")));
      emitter.once("x", () => {});
      journal.push(String(emitter.emit("x")), String(emitter.emit("x")));
    },
  ],
  [
    "once is called once, also when it raises the event itself",
    (emitter, journal) => {
      emitter.once(
        "x",
        named("once", journal, () => emitter.emit("x", "again")),
      );
      emitter.on("x", named("on", journal));
      emitter.emit("x", "first");
      emitter.emit("x", "last");
    },
  ],
  [
    "prepended listeners come first, the latest of them before the others",
    (emitter, journal) => {
      emitter.on("x", named("a", journal));
      emitter.prependListener("x", named("b", journal));
      emitter.prependOnceListener("x", named("c", journal));
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "a listener removed while the event is raised is still called this time",
    (emitter, journal) => {
      const later = named("later", journal);
      emitter.on(
        "x",
        named("first", journal, () => emitter.off("x", later)),
      );
      emitter.on("x", later);
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "a once listener removed while the event is raised is still called this time",
    (emitter, journal) => {
      const later = named("later", journal);
      emitter.on(
        "x",
        named("first", journal, () => emitter.off("x", later)),
      );
      emitter.once("x", later);
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "all listeners removed while the event is raised are still called this time",
    (emitter, journal) => {
      emitter.on(
        "x",
        named("a", journal, () => emitter.removeAllListeners()),
      );
      emitter.on("x", named("b", journal));
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "a listener that removes itself does not shift the others",
    (emitter, journal) => {
      const self = named("self", journal, () => emitter.removeListener("x", self));
      emitter.on("x", self);
      emitter.on("x", named("b", journal));
      emitter.on("x", named("c", journal));
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "a listener added while the event is raised is called the next time",
    (emitter, journal) => {
      emitter.on(
        "x",
        named("a", journal, () => emitter.on("x", named("new", journal))),
      );
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "the same listener may stand several times; removal takes the latest",
    (emitter, journal) => {
      const same = named("same", journal);
      emitter.on("x", same);
      emitter.on("x", named("between", journal));
      emitter.on("x", same);
      emitter.off("x", same);
      emitter.emit("x");
      emitter.off("x", same);
      emitter.off("x", same);
      emitter.emit("x");
    },
  ],
  [
    "a once listener can be removed by the function it was given",
    (emitter, journal) => {
      const once = named("once", journal);
      emitter.once("x", once);
      emitter.off("x", once);
      journal.push(String(emitter.emit("x")));
    },
  ],
  [
    "the same function may listen once and always",
    (emitter, journal) => {
      const same = named("same", journal);
      emitter.once("x", same);
      emitter.on("x", same);
      emitter.once("x", same);
      emitter.emit("x");
      emitter.emit("x");
    },
  ],
  [
    "listeners, counts and names are told",
    (emitter, journal) => {
      const listener = named("a", journal);
      emitter.on("x", listener);
      emitter.addListener("x", listener);
      emitter.once("y", listener);
      emitter.on(SYMBOL, listener);
      journal.push(emitter.eventNames().map(String).join());
      journal.push(`${emitter.listenerCount("x")} ${emitter.listenerCount("none")}`);
      journal.push(String(emitter.listeners("y")[0] === listener));
      emitter.off("x", listener);
      emitter.emit("y");
      journal.push(emitter.eventNames().map(String).join());
      emitter.off("x", listener);
      journal.push(emitter.eventNames().map(String).join());
    },
  ],
  [
    "removing all listeners of one event leaves those of the others",
    (emitter, journal) => {
      emitter.on("x", named("x", journal));
      emitter.on("y", named("y", journal));
      emitter.removeAllListeners("x");
      emitter.emit("x");
      emitter.emit("y");
      emitter.removeAllListeners();
      emitter.emit("y");
    },
  ],
  [
    "names that objects have by birth are names like any other",
    (emitter, journal) => {
      for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
        journal.push(`${emitter.listenerCount(name)} ${String(emitter.emit(name))}`);
        emitter.on(name, named(name, journal));
        emitter.emit(name, 1);
      }
    },
  ],
  [
    "an exception passes through, and what follows is not called",
    (emitter, journal) => {
      emitter.once("x", () => {
        throw new Error("thrown");
      });
      emitter.on("x", named("b", journal));
      try {
        emitter.emit("x");
      } catch (error) {
        journal.push((error as Error).message);
      }
      emitter.emit("x");
    },
  ],
  [
    "methods can be chained, and `this` is the emitter",
    (emitter, journal) => {
      const chained = emitter.on("x", function (this: unknown) {
        journal.push(String(this === emitter));
      });
      journal.push(String(chained === emitter));
      emitter.emit("x");
    },
  ],
  [
    "what is no function is refused at once",
    (emitter, journal) => {
      for (const bad of [undefined, null, {}, "f"]) {
        try {
          emitter.on("x", bad as unknown as Listener);
        } catch (error) {
          journal.push((error as Error).constructor.name);
        }
      }
    },
  ],
];

describe("as node:events", () => {
  test.each(SCRIPTS)("%s", (_title, script) => {
    const [expected, actual]: [string[], string[]] = [[], []];
    script(new EventEmitter() as unknown as Contract, expected);
    script(new Ours(), actual);
    expect(actual).toEqual(expected);
    expect(actual.length).toBeGreaterThan(0);
  });
});

describe("beyond node:events", () => {
  test("a number and its text are the same name, and are told as text", () => {
    const emitter = new Ours();
    const journal: string[] = [];
    emitter.on(7, named("a", journal));
    emitter.emit("7");
    emitter.off("7");
    emitter.emit(7);
    expect(journal).toEqual(["a()"]);
    emitter.on(8, () => {});
    expect(emitter.eventNames()).toEqual(["8"]);
  });

  test("off without a listener removes all of the event, without an event all there are", () => {
    const emitter = new Ours()
      .on("x", () => {})
      .on("x", () => {})
      .on("y", () => {});
    emitter.off("x");
    expect([emitter.listenerCount("x"), emitter.hasListeners("y")]).toEqual([0, true]);
    emitter.off();
    expect(emitter.eventNames()).toEqual([]);
  });

  test("error is an event like any other when nobody listens", () => {
    expect(new Ours().emit("error", new Error("unheard"))).toBe(false);
  });

  test("listeners are copied with their order and mode", () => {
    const [source, copy] = [new Listeners(), new Listeners()];
    const journal: string[] = [];
    source.add("x", named("a", journal));
    source.add("x", named("b", journal), { once: true });
    copy.copyFrom(source);
    for (let turn = 0; turn < 2; turn++) copy.raise({}, "x", []);
    expect(journal).toEqual(["a()", "b()", "a()"]);
    expect([source.count("x"), copy.count("x")]).toEqual([2, 1]);
  });

  test("a snapshot can be called entry by entry; one that is gone is passed over if it was for once", () => {
    const listeners = new Listeners();
    listeners.add("x", () => "always");
    listeners.add("x", () => "once", { once: true });
    const entries = listeners.snapshot("x") as readonly Entry[];
    const call = (): unknown[] => entries.map((entry) => callEntry(entry, {}, []));
    expect(call()).toEqual(["always", "once"]);
    expect(call()).toEqual(["always", undefined]);
  });

  test("a snapshot of one listener is no list, and of none is undefined", () => {
    const listeners = new Listeners();
    expect(listeners.snapshot("x")).toBeUndefined();
    const only: Listener = () => "only";
    listeners.add("x", only);
    expect(listeners.snapshot("x")).toBe(only);
    listeners.add("x", () => "other");
    expect(isList(listeners.snapshot("x") as Entries)).toBe(true);
    listeners.remove("x", only);
    expect(isList(listeners.snapshot("x") as Entries)).toBe(false);
  });
});

describe("catch-all listeners", () => {
  class Socket extends SocketEmitter {
    heard(): readonly Listener[] {
      return this.incoming?.list() ?? [];
    }
  }

  test.each(["Any", "AnyOutgoing"] as const)("on%s keeps order, also prepended", (kind) => {
    const socket = new Socket();
    const [a, b, c] = [() => {}, () => {}, () => {}] as const;
    const list = (): Listener[] =>
      kind === "Any" ? socket.listenersAny() : socket.listenersAnyOutgoing();
    expect(list()).toEqual([]);
    expect(socket[`off${kind}`](a)).toBe(socket);
    expect(socket[`on${kind}`](a)[`on${kind}`](b)[`prepend${kind}`](c)).toBe(socket);
    expect(list()).toEqual([c, a, b]);
    list().push(a);
    expect(list()).toEqual([c, a, b]);
    socket[`off${kind}`](a);
    expect(list()).toEqual([c, b]);
    socket[`off${kind}`]();
    expect(list()).toEqual([]);
  });

  test("the directions are apart", () => {
    const socket = new Socket().onAny(() => {});
    expect(socket.listenersAnyOutgoing()).toEqual([]);
    expect(socket.heard()).toHaveLength(1);
  });

  test("a list in use does not change", () => {
    const all = new CatchAll();
    const [a, b] = [() => {}, () => {}];
    all.append(a);
    all.append(a);
    const list = all.list();
    all.remove(a);
    all.append(b);
    expect(list).toEqual([a, a]);
    expect(all.list()).toEqual([a, b]);
    expect(all.isEmpty()).toBe(false);
    all.remove();
    expect(all.isEmpty()).toBe(true);
  });
});
