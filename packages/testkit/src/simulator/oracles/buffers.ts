// What waits and what is kept: never more than its limit, and nothing when all is quiet.

import type { SimNode } from "../sim-node.ts";
import type { World } from "../world.ts";

// Messages of one node that are held, times the nodes.
const MAX_HELD = 1000;
// Marks of refused messages are not counted: one follows the last message that was accepted.
const ONE_MARK = 300;
// One message is added before the oldest go.
const ONE_MESSAGE = 5000;
const TIMERS = 30;

/** Compares all buffers with their limits. */
export function judgeLimits(world: World): void {
  for (const node of world.nodes) {
    if (!node.isAlive) continue;
    judgeSockets(world, node);
    if (world.setting.kind !== "alone") judgeBacklog(world, node);
  }
}

function judgeSockets({ history, setting }: World, node: SimNode): void {
  for (const socket of node.sockets) {
    const { queuedBytes } = socket;
    // A burst may be as long as it likes in its turn; after it an eighth of the limit may follow.
    if (queuedBytes > socket.ceiling(setting.maxSendBufferSize)) {
      history.find("buffers", `${queuedBytes} bytes wait for a client of ${node.name}`);
    }
  }
}

function judgeBacklog({ history, setting }: World, node: SimNode): void {
  const { held, replayBytes, unwrittenBytes } = node.adapter.backlog;
  const { maxPendingBytes, maxReplayBytes } = setting;
  const unwritten = history.unwrittenBytes(node.name);
  for (const [what, is, limit] of [
    ["held messages", held, MAX_HELD * setting.nodes * 2],
    ["bytes for the log", unwrittenBytes, maxPendingBytes + ONE_MARK],
    ["bytes of events for the log", setting.kind === "log" ? unwritten : 0, maxPendingBytes],
    ["bytes for replays", replayBytes, maxReplayBytes + ONE_MESSAGE],
  ] as const) {
    if (is > limit)
      history.find("buffers", `${node.name}: ${is} ${what}, and the limit is ${limit}`);
  }
}

/** When all clients have left for good, nothing is kept. */
export function judgeQuiet(world: World): void {
  const { app, history, nodes, setting } = world;
  for (const question of app.open.values()) history.find("buffers", `no answer: ${question}`);
  for (const node of nodes) {
    const { adapter, server } = node;
    const kept: [string, number][] = [
      ["sockets", server.sockets.sockets.size],
      ["rooms", adapter.rooms.size],
      ["sockets in rooms", adapter.sids.size],
      ["connections", node.engine.connections.size],
      ["timers", Math.max(0, node.process.timers - TIMERS)],
    ];
    if (setting.kind !== "alone") {
      // Recent messages stay until newer ones come.
      const { replayBytes: _, ...backlog } = adapter.backlog;
      kept.push(...Object.entries(backlog));
    }
    for (const [what, count] of kept) {
      if (count > 0) history.find("buffers", `${node.name} keeps ${count} of ${what}`);
    }
  }
}
