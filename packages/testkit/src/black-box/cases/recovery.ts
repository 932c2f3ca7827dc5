// Connection state recovery: who comes back with the private id gets its socket again, and what it missed.

import type { Bench, JoinedWebSocket } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const ON = { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } } as const;

interface Kept extends JoinedWebSocket {
  readonly pid: string;
}

async function join(bench: Bench, auth: object | null = null): Promise<Kept> {
  const joined = await bench.joined(`40${auth === null ? "" : JSON.stringify(auth)}`);
  return { ...joined, pid: /"pid":"([^"]+)/.exec(joined.welcome)?.[1] ?? "" };
}

/** Comes back over another connection; resolves to all frames up to CONNECT. */
async function comeBack(bench: Bench, auth: object): Promise<string[]> {
  const ws = bench.websocket();
  await ws.text();
  ws.send(`40${JSON.stringify(auth)}`);
  const frames: string[] = [];
  while (!frames.at(-1)?.startsWith("40")) frames.push(await ws.text());
  return frames;
}

/** The offset at the end of an event. */
function offsetOf(frame: string): string {
  return String((JSON.parse(frame.slice(2)) as unknown[]).at(-1));
}

const withoutOffset = (frame: string): string => frame.replace(/,"[^"]*"\]$/, "]");

async function lose(bench: Bench, { ws, id }: Kept): Promise<void> {
  ws.close();
  await bench.reason(id);
}

const cases: readonly BlackBoxCase[] = [
  {
    id: "off",
    title: "off by default: no pid, no offset",
    rules: ["RE2"],
    async run(bench) {
      const { ws, id, pid } = await join(bench, { pid: "x", offset: "y" });
      await bench.socket(id, ["emit", "x", 1]);
      return [pid, await ws.text(), await bench.socket(id, "recovered")];
    },
    expected: ["", '42["x",1]', false],
  },
  {
    id: "offsets",
    title: "events end with an offset; those that ask or are volatile have none",
    rules: ["RE1", "RE2"],
    options: ON,
    async run(bench) {
      const { ws, id, pid } = await join(bench);
      await bench.socket(id, ["emit", "a", 1]);
      await bench.call("io", ["emit", "b"]);
      const frames = [await ws.text(), await ws.text()];
      await bench.socket(id, "volatile", ["emit", "v", 1]);
      return [
        pid.length > 0 && pid !== id,
        offsetOf(frames[0] ?? "") !== offsetOf(frames[1] ?? ""),
        frames.map(withoutOffset),
        await ws.text(),
      ];
    },
    expected: [true, true, ['42["a",1]', '42["b"]'], '42["v",1]'],
  },
  {
    id: "missed",
    title: "what was missed, then CONNECT with the same ids; rooms and data are there again",
    rules: ["RE3"],
    options: ON,
    async run(bench) {
      const first = await join(bench);
      await bench.socket(first.id, ["join", "r"]);
      await bench.socket(first.id, ["emit", "seen"]);
      const offset = offsetOf(await first.ws.text());
      await lose(bench, first);
      await bench.call("io", ["to", "r"], ["emit", "one"]);
      await bench.call("io", ["to", "elsewhere"], ["emit", "not mine"]);
      await bench.call("io", ["emit", "two"]);
      const frames = await comeBack(bench, { pid: first.pid, offset });
      const welcome = frames.pop() ?? "";
      return [
        frames.map(withoutOffset),
        welcome.includes(first.id) && welcome.includes(first.pid),
        await bench.socket(first.id, "recovered"),
        (await bench.call("io", ["in", "r"], ["fetchSockets"], "length")) === 1,
      ];
    },
    expected: [['42["one"]', '42["two"]'], true, true, true],
  },
  {
    id: "lost",
    title: "after the network connection was lost, too",
    rules: ["RE7"],
    needs: ["TCP resets"],
    options: ON,
    async run(bench) {
      const first = await join(bench);
      await bench.socket(first.id, ["emit", "seen"]);
      const offset = offsetOf(await first.ws.text());
      first.ws.terminate();
      await bench.reason(first.id);
      const frames = await comeBack(bench, { pid: first.pid, offset });
      return frames.map((frame) => frame.includes(first.id));
    },
    expected: [true],
  },
  {
    id: "left",
    title: "who left the namespace on purpose starts anew",
    rules: ["RE7"],
    options: ON,
    async run(bench) {
      const first = await join(bench);
      await bench.socket(first.id, ["emit", "seen"]);
      const offset = offsetOf(await first.ws.text());
      first.ws.send("41");
      await bench.reason(first.id);
      const frames = await comeBack(bench, { pid: first.pid, offset });
      return frames.map((frame) => frame.includes(first.id));
    },
    expected: [false],
  },
  {
    id: "once",
    title: "a session is given out once",
    rules: ["RE5"],
    options: ON,
    async run(bench) {
      const first = await join(bench);
      await bench.socket(first.id, ["emit", "seen"]);
      const offset = offsetOf(await first.ws.text());
      await lose(bench, first);
      const auth = { pid: first.pid, offset };
      const again = [
        await comeBack(bench, auth),
        await comeBack(bench, { ...auth, pid: "made up" }),
      ];
      return again.map((frames) => frames.at(-1)?.includes(first.id));
    },
    expected: [true, false],
  },
];

export const recovery: Chapter = { feature: "recovery", cases };
