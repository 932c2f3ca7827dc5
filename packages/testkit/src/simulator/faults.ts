// The faults of a simulation: what breaks, when, and for how long. All are over when the calm begins.

import type { Milliseconds } from "@sockeye/portable";
import { type FaultKind, phases } from "./setting.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/** A fault that has begun; the returned function ends it. */
type End = () => void;
type Begin = (world: World) => End | null;

const NOTHING: End = () => {};
// A node that has gone deaf notices after three heartbeats; it has to, by itself, before the calm.
const LATEST_DEAFNESS: Milliseconds = phases.faultsEnd - 1500;

// What waits for the broker gets a second to be written, and the sessions another one.
const LATEST_CLOSE: Milliseconds = phases.faultsEnd - 1400;

/** What is under way when they end arrives later, or is asked for again. */
const LINGERING: ReadonlySet<FaultKind> = new Set(["lost answers", "slow link"]);

function anyNode({ closing, nodes, random }: World): SimNode | null {
  const running = nodes.filter((node) => node.isAlive && !closing.has(node));
  return running.length === 0 ? null : (running[random.below(running.length)] as SimNode);
}

function onNode(begin: (node: SimNode, world: World) => End): Begin {
  return (world) => {
    const node = anyNode(world);
    if (node === null) return null;
    world.history.note(`… at ${node.name}`);
    return begin(node, world);
  };
}

function onClient(
  begin: (socket: NonNullable<World["clients"][number]["socket"]>, world: World) => End,
): Begin {
  return (world) => {
    const client = world.clients[world.random.below(world.clients.length)];
    if (client === undefined || client.socket === null) return null;
    world.history.note(`… of ${client.name}`);
    return begin(client.socket, world);
  };
}

function mend({ broker }: World, node: SimNode): void {
  if (node.isAlive && !broker.isDown) node.uplink.mend();
}

function stopBroker(world: World, forgets: "everything" | "nothing" | "the log"): End {
  const { broker } = world;
  if (broker.isDown) return NOTHING;
  if (forgets !== "nothing" && world.random.once(3)) {
    // An operator has deleted it: no connection is lost.
    broker.forget(forgets);
    return NOTHING;
  }
  broker.stop();
  if (forgets !== "nothing") broker.forget(forgets);
  return () => {
    broker.start();
    for (const node of [...world.nodes, ...world.closing]) mend(world, node);
  };
}

/** How each kind of fault begins. */
const begins: Readonly<Record<FaultKind, Begin>> = {
  "broker restarts": (world) => stopBroker(world, "nothing"),
  "broker loses its memory": (world) =>
    stopBroker(world, world.random.once(2) ? "everything" : "the log"),
  "cut off": onNode((node, world) => {
    node.uplink.break();
    return () => mend(world, node);
  }),
  "half open": onNode((node, world) => {
    const which = world.random.below(3);
    node.uplink.out.isSilent = which !== 0;
    node.uplink.in.isSilent = which !== 1;
    node.uplink.entries.isSilent = which !== 1;
    return () => {
      // The client of the broker gives it up, and connects anew.
      if (!node.isAlive) return;
      node.uplink.break();
      mend(world, node);
    };
  }),
  deaf: (world) => {
    if (world.timeline.now > LATEST_DEAFNESS) return null;
    return onNode((node) => {
      const deafen = (): void => {
        if (node.log !== null && world.random.once(2)) node.log.isDeaf = true;
        else node.bus.isDeaf = true;
      };
      if (world.random.once(2)) deafen();
      else afterOutage(node, world, deafen);
      return NOTHING;
    })(world);
  },
  "lossy bus": ({ broker, random }) => {
    if (random.once(2)) broker.loss.drop = 2 + random.below(10);
    if (random.once(2)) broker.loss.double = 2 + random.below(6);
    return () => {
      broker.loss.drop = 0;
      broker.loss.double = 0;
    };
  },
  "lost answers": onNode((node, { random }) => {
    node.uplink.losesAnswers = 2 + random.below(3);
    return () => {
      node.uplink.losesAnswers = 0;
    };
  }),
  "slow link": onNode((node, { random }) => {
    const { entries, in: answers, out } = node.uplink;
    const channel = random.pick([entries, answers, out]);
    channel.extraDelay = 20 + random.below(random.once(2) ? 60 : 500);
    return () => {
      channel.extraDelay = 0;
    };
  }),
  crash: onNode((node, world) => crash(node, world, false)),
  "host vanishes": onNode((node, world) => crash(node, world, true)),
  close: (world) => (world.timeline.now > LATEST_CLOSE ? null : closeNode(world)),
  suspend: onNode((node) => {
    node.process.suspend();
    return () => node.process.resume();
  }),
  "client cut": (world) => {
    const { app, clients, history, nodes, random, setting } = world;
    const client = clients[random.below(clients.length)];
    if (client === undefined || client.socket === null) return null;
    history.note(`… of ${client.name}`);
    if (setting.hasSecondCuts && random.once(2)) world.cutAgain(client);
    const { sid, socket } = client;
    socket.cut(random.once(2) ? "both" : "client");
    // The server that still believes it connected changes its rooms.
    for (const node of random.once(2) ? nodes : []) {
      if (node.isAlive) app.rejoin(node, node.appSockets.find(({ id }) => id === sid) ?? null);
    }
    return NOTHING;
  },
  "client half open": onClient((socket, { random }) => {
    socket.cut(random.once(2) ? "nobody" : "server");
    return NOTHING;
  }),
  "client stops reading": onClient((socket) => {
    socket.read(false);
    return () => socket.read(true);
  }),
};

/** The connection to the broker is lost and made again; a moment later something else happens to it. */
function afterOutage(node: SimNode, world: World, happens: () => void): void {
  const { random, timeline } = world;
  node.uplink.break();
  timeline.after(10 + random.below(100), () => {
    mend(world, node);
    timeline.after(20 + random.below(80), () => node.isAlive && happens());
  });
}

const closeNode = onNode((node, world) => {
  world.closing.add(node);
  node.process.enter(() => {
    void node.close().then(() => {
      if (!node.isAlive) return;
      node.crash(false);
      world.closing.delete(node);
      world.dropNode(node);
      world.timeline.after(20 + world.random.below(300), () => world.startNode());
    });
  });
  return NOTHING;
});

function crash(node: SimNode, world: World, isHostGone: boolean): End {
  node.crash(isHostGone);
  world.closing.delete(node);
  world.dropNode(node);
  world.timeline.after(20 + world.random.below(500), () => world.startNode());
  return NOTHING;
}

/** Plans the faults of a world. */
export function planFaults(world: World): void {
  const { random, setting, timeline } = world;
  const kinds = [...setting.faults];
  const [first, ...others] = kinds;
  if (first === undefined) return;
  for (let count = setting.faultCount; count > 0; count--) {
    const kind = random.pick([first, ...others]);
    const { faultsBegin, faultsEnd } = phases;
    const at = faultsBegin + random.below(faultsEnd - faultsBegin - 50);
    const lasts = random.once(3) ? random.below(60) : random.below(1600);
    timeline.after(at, () => {
      world.history.note(`--- ${kind}`);
      const end = begins[kind](world);
      if (end === null) return;
      world.injected.set(kind, (world.injected.get(kind) ?? 0) + 1);
      const latest = faultsEnd - (LINGERING.has(kind) ? 600 : 0);
      timeline.after(Math.min(lasts, latest - timeline.now), () => {
        if (end !== NOTHING) world.history.note(`--- end of ${kind}`);
        end();
      });
    });
  }
}
