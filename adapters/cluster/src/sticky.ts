// Sticky sessions for workers of node:cluster: what the primary process and its workers say to each other, and how a
// session names its worker. The id of a session ends in that of its worker, so the primary keeps no table of sessions.

/** From a worker: it takes connections, and has so many clients now. */
export interface WorkerReport {
  readonly clients: number;
}

/** From the primary, with a connection: its number, and what was read from it already, as Latin-1 text. */
export interface HandedOver {
  readonly number: number;
  readonly read: string;
}

/** From a worker: the connection of that number has reached it. */
export interface Taken {
  readonly taken: number;
}

type Message = HandedOver | Taken | WorkerReport;

/** Marks our messages among those of the application. */
const MARK = "sockeye:sticky";
const WORKER = /[?&]sid=[^&\s]*?(?:~|%7E)(\d+)(?=[&\s])/i;

/** A message in the form that is sent. */
export function sticky<T extends Message>(message: T): object {
  return { [MARK]: message };
}

/** The message in what has arrived; nothing when it is not ours. */
export function unsticky<T extends Message>(arrived: unknown): Partial<T> | null {
  const message = (arrived as Record<string, unknown> | null | undefined)?.[MARK];
  return typeof message === "object" ? (message as Partial<T> | null) : null;
}

/** The id of a session of a worker. */
export function idOfWorker(id: string, worker: number): string {
  return `${id}~${worker}`;
}

/** The worker that a request line names by its session; nothing for the first request of a session. */
export function workerIn(line: string): number | undefined {
  const [, worker] = WORKER.exec(line) ?? [];
  return worker === undefined ? undefined : Number(worker);
}
