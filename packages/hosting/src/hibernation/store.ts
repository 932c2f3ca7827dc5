// What a server keeps in SQLite: connections, and for recovery the packets and sessions of each namespace. Every call is
// done when it returns, and durable before anything is sent.

import type {
  KeptRecovery,
  LogEntry,
  RecoveryLimits,
  RecoveryStore,
  Session,
} from "@sockeye/adapter";
import { IdGenerator } from "@sockeye/portable";
import { type Frame, frameToText, textToFrame } from "@sockeye/protocol";
import type { SqlStorage, SqlValue } from "./storage.ts";

const TABLES = [
  "CREATE TABLE IF NOT EXISTS sockeye_connections (id TEXT PRIMARY KEY, saved TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS sockeye_epochs (nsp TEXT PRIMARY KEY, epoch TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS sockeye_packets (nsp TEXT, number INTEGER, at INTEGER, entry TEXT, PRIMARY KEY (nsp, number))",
  "CREATE TABLE IF NOT EXISTS sockeye_sessions (nsp TEXT, pid TEXT, at INTEGER, session TEXT, PRIMARY KEY (nsp, pid))",
] as const;
/** After how many packets old ones are deleted. */
const TRIM_EVERY = 64;
const EPOCH_LENGTH = 6;

/** The tables of one process. */
export class HibernationStore {
  readonly #storage: SqlStorage;

  constructor(storage: SqlStorage) {
    this.#storage = storage;
    for (const table of TABLES) this.#all(table);
  }

  /** The saved connections by session id, as JSON. */
  connections(): ReadonlyMap<string, string> {
    const rows = this.#all("SELECT id, saved FROM sockeye_connections");
    return new Map(rows.map(({ id, saved }) => [String(id), String(saved)]));
  }

  saveConnection(id: string, saved: string): void {
    this.#all("INSERT OR REPLACE INTO sockeye_connections VALUES (?, ?)", id, saved);
  }

  forgetConnection(id: string): void {
    this.#all("DELETE FROM sockeye_connections WHERE id = ?", id);
  }

  /** The store of a namespace. */
  recovery(nsp: string, { maxAge, maxPackets }: RecoveryLimits): RecoveryStore {
    const all = (query: string, ...values: SqlValue[]) => this.#all(query, nsp, ...values);
    const oldest = (): number => Date.now() - maxAge;
    return {
      epoch: this.#epochOf(nsp),
      load: () => this.#load(nsp, oldest()),
      append(number, entry) {
        const text = JSON.stringify(savedEntry(entry));
        all("INSERT INTO sockeye_packets VALUES (?, ?, ?, ?)", number, Date.now(), text);
        if (number % TRIM_EVERY !== 0) return;
        // The last one stays: the next number follows from it.
        const trim =
          "DELETE FROM sockeye_packets WHERE nsp = ? AND number < ? AND (at < ? OR number < ?)";
        all(trim, number, oldest(), number - maxPackets);
      },
      keep(session) {
        all("DELETE FROM sockeye_sessions WHERE nsp = ? AND at < ?", oldest());
        const text = JSON.stringify(session);
        all(
          "INSERT OR REPLACE INTO sockeye_sessions VALUES (?, ?, ?, ?)",
          session.pid,
          Date.now(),
          text,
        );
      },
      take: (pid) => void all("DELETE FROM sockeye_sessions WHERE nsp = ? AND pid = ?", pid),
    };
  }

  #load(nsp: string, oldest: number): KeptRecovery {
    const newest =
      "SELECT number, at, entry FROM sockeye_packets WHERE nsp = ? ORDER BY number DESC";
    const kept = this.#all(newest, nsp);
    const after = Number(kept[0]?.["number"] ?? -1) + 1;
    const packets = kept.filter(({ at }) => Number(at) >= oldest).reverse();
    const sessions = "SELECT session FROM sockeye_sessions WHERE nsp = ? AND at >= ?";
    return {
      first: after - packets.length,
      packets: packets.map(({ entry }) => revivedEntry(JSON.parse(String(entry)))),
      sessions: this.#all(sessions, nsp, oldest).map(
        ({ session }) => JSON.parse(String(session)) as Session,
      ),
    };
  }

  #epochOf(nsp: string): string {
    const [row] = this.#all("SELECT epoch FROM sockeye_epochs WHERE nsp = ?", nsp);
    if (row !== undefined) return String(row["epoch"]);
    const epoch = new IdGenerator().next().slice(0, EPOCH_LENGTH);
    this.#all("INSERT INTO sockeye_epochs VALUES (?, ?)", nsp, epoch);
    return epoch;
  }

  #all(query: string, ...values: SqlValue[]): Record<string, SqlValue>[] {
    return [...this.#storage.sql.exec(query, ...values)];
  }
}

/** A packet as JSON: its frames, and its address. */
type SavedEntry = readonly [frames: readonly string[], rooms: unknown[], except: unknown[]];

function savedEntry({ encoded, except, rooms }: LogEntry): SavedEntry {
  const isOne = typeof encoded === "string" || encoded instanceof Uint8Array;
  return [(isOne ? [encoded] : encoded).map(savedFrame), [...rooms], [...except]];
}

function revivedEntry([frames, rooms, except]: SavedEntry): LogEntry {
  const encoded = frames.map(revivedFrame);
  const [first] = encoded;
  return {
    encoded: encoded.length === 1 && first !== undefined ? first : encoded,
    rooms: new Set(rooms as string[]),
    except: new Set(except as string[]),
  };
}

// Text of any parser may begin with the character that bytes begin with.
function savedFrame(frame: Frame): string {
  return typeof frame === "string" ? `t${frame}` : frameToText(frame);
}

function revivedFrame(text: string): Frame {
  return text.startsWith("t") ? text.slice(1) : textToFrame(text);
}
