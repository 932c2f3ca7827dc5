// Processes that were started here: stops them, or some of those that they have started, and lets them go on.
import { execFileSync } from "node:child_process";

/** Lets stopped processes go on; may be called twice. */
export type Resume = () => void;

/** Stops a process and its descendants. */
export function stopTree(root: number): Resume {
  const stopped = new Set<number>();
  // Until there are no new ones: a process may start another one while the list is read.
  for (let found = [root]; found.length > 0; ) {
    for (const pid of found) signal(pid, "SIGSTOP");
    for (const pid of found) stopped.add(pid);
    found = descendantsOf(root).flatMap(({ pid }) => (stopped.has(pid) ? [] : [pid]));
  }
  return resume(stopped);
}

/** Stops those descendants of a process whose command line matches. */
export function stopDescendants(root: number, pattern: RegExp): Resume {
  const meant = descendantsOf(root).filter(({ command }) => pattern.test(command));
  if (meant.length === 0) throw new Error(`no process of the browser matches ${pattern}`);
  for (const { pid } of meant) signal(pid, "SIGSTOP");
  return resume(new Set(meant.map(({ pid }) => pid)));
}

function resume(stopped: Set<number>): Resume {
  const go = (): void => {
    for (const pid of stopped) signal(pid, "SIGCONT");
    stopped.clear();
    process.off("exit", go);
  };
  // Stopped processes could not end with this one.
  process.once("exit", go);
  return go;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function descendantsOf(root: number): Row[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").flatMap((line): Row[] => {
    const [, pid, parent, command = ""] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const below = (parent: number): Row[] =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(root);
}

/** It may have ended meanwhile. */
function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch {}
}
