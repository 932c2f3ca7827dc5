// A node of a cluster that has a log: what its namespaces do is appended, and done when it is read, here as on every other
// node, in the order of the log. Questions go over the bus; they say what must have been read before they are answered.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { LinkBacklog } from "../cluster/backlog.ts";
import type { BusState, NodeId } from "../cluster/bus.ts";
import type { ClusterDiagnostics } from "../cluster/diagnostics.ts";
import { clusterError } from "../cluster/errors.ts";
import type { Body, Intent, SentRequest } from "../cluster/intents.ts";
import type { ClusterLink, Question } from "../cluster/link.ts";
import type { Log, LogEntry, LogPoint, LogReceiver } from "../cluster/log.ts";
import { decodeMessage } from "../cluster/message.ts";
import type { ClusterNode } from "../cluster/node.ts";
import type { NodeChannels } from "../cluster/node-channels.ts";
import type { ClusterOptions } from "../cluster/options.ts";
import type { Asker } from "../cluster/requests.ts";
import type { LogNamespace, Run } from "./log-namespace.ts";
import { LogWriter } from "./log-writer.ts";
import { Opening } from "./opening.ts";
import type { LogOptions } from "./options.ts";
import { visitPages } from "./pages.ts";
import { PointWaits } from "./point-waits.ts";
import { type ReadMessage, Window } from "./window.ts";

/** What a node is made of. */
export interface LogNodeSetUp {
  readonly node: ClusterNode;
  readonly log: Log;
  readonly clock: Clock;
  readonly options: ClusterOptions & LogOptions;
}

/** What this node has appended and not read yet. */
interface Own {
  readonly run: Run;
  readonly resolve: () => void;
  /** What this node does after it. */
  readonly after: (() => void)[];
  /** Where the log has it. */
  kept: LogPoint | null;
}

const MAX_DEFERRED = 10_000;
const GOODBYE: Milliseconds = 1000;
const atOnce: Run = (call) => call();

/** A node with a log. */
export class LogNode implements ClusterLink, LogReceiver {
  readonly id: NodeId;
  readonly #setUp: LogNodeSetUp;
  readonly #writer: LogWriter;
  readonly #window: Window;
  readonly #waits: PointWaits;
  readonly #opening: Opening;
  readonly #namespaces = new Map<string, LogNamespace>();
  readonly #own = new Map<number, Own>();
  /** The position of what was read last; `null` before the log is open. */
  #point: LogPoint | null = null;
  /** The position of what this node has appended last, as far as it was read. */
  #lastOwn: LogPoint | null = null;
  /** The epochs that the log has left behind: what is confirmed late as a part of them is gone. */
  readonly #formerEpochs = new Set<string>();
  /** What was appended last, of `#own`. */
  #newest: Own | null = null;
  #deferred = 0;
  #state: BusState = "up";
  #isClosed = false;
  #stopCheck: () => void = () => {};

  constructor(setUp: LogNodeSetUp) {
    const { clock, log, node, options } = setUp;
    const { diagnostics } = node;
    this.#setUp = setUp;
    this.id = node.id;
    const { maxPayload, maxPendingBytes, maxReplayBytes } = options;
    this.#writer = new LogWriter({
      ...{ clock, diagnostics, log, maxPayload, maxPendingBytes },
      writer: node.id,
    });
    this.#window = new Window(maxReplayBytes);
    this.#waits = new PointWaits(clock);
    this.#opening = new Opening(clock);
  }

  get diagnostics(): ClusterDiagnostics {
    return this.#setUp.node.diagnostics;
  }

  /** Channels go over the bus: what they carry heals by itself. */
  get channels(): NodeChannels {
    return this.#setUp.node.channels;
  }

  get commonCodec(): string {
    return this.#setUp.node.commonCodec;
  }

  get maxPayload(): number {
    return this.#setUp.node.maxPayload;
  }

  /** As that of the bus; and the log is read, or was waited for. */
  get isReady(): boolean {
    return this.#setUp.node.isReady && this.#opening.isOver;
  }

  get backlog(): LinkBacklog {
    return {
      ...this.#setUp.node.backlog,
      unwritten: this.#writer.size,
      unwrittenBytes: this.#writer.bytes,
      waiting: this.#deferred + this.#waits.size + this.#opening.size,
      replayBytes: this.#window.bytes,
    };
  }

  /** The position of what was read last; `null` before the log is open. */
  get point(): LogPoint | null {
    return this.#point;
  }

  /** Resolves with whether the log is read, at most after some time; at once, when it is. */
  whenOpen(within: Milliseconds): Promise<boolean> | boolean {
    return this.#opening.within(within);
  }

  /** Whether what is appended waits, as far as is known. */
  get isDown(): boolean {
    return this.#state === "down" || this.#point === null;
  }

  get isVacant(): boolean {
    return this.#namespaces.size === 0;
  }

  attach(name: string, namespace: LogNamespace): void {
    this.#namespaces.set(name, namespace);
  }

  detach(name: string): void {
    this.#namespaces.delete(name);
  }

  others(): Promise<readonly NodeId[]> | readonly NodeId[] {
    return this.#setUp.node.others();
  }

  /** Whether another node is known. */
  knows(node: NodeId): boolean {
    return this.#setUp.node.members.has(node);
  }

  ask(question: Question<SentRequest>, nodes: readonly NodeId[], asker: Asker): number {
    const after = this.#lastOwn;
    const request = after === null ? question.request : { ...question.request, after };
    return this.#setUp.node.ask({ ...question, request }, nodes, asker);
  }

  forget(id: number): void {
    this.#setUp.node.forget(id);
  }

  /** Begins to read, then to append. When that fails, it is tried again after each heartbeat. */
  async open(): Promise<void> {
    const { clock, log, options } = this.#setUp;
    this.#opening.begin(options.requestsTimeout);
    try {
      this.#point = await log.open(this);
    } catch (error) {
      const retry = (): void => void this.open().catch(() => {});
      if (!this.#isClosed) this.#stopCheck = clock.after(options.heartbeatInterval, retry);
      throw error;
    }
    if (this.#isClosed) return;
    this.#writer.start();
    for (const namespace of [...this.#namespaces.values()]) namespace.onOpen();
    this.#opening.open();
    this.#checkLater(null);
  }

  /** Ends: what waits for the log gets a moment more. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#writer.idle(this.isDown ? 0 : GOODBYE);
    this.#isClosed = true;
    this.#stopCheck();
    this.#writer.close();
    // The log has them; nothing is delivered here any more.
    for (const [seq, own] of [...this.#own]) if (own.kept !== null) this.#settle(seq, own);
    this.#waits.endAll();
    this.#opening.end();
    await this.#setUp.log.close();
  }

  publish(nsp: string, intent: Intent, body: Body): Promise<void> {
    return this.append(nsp, [intent, body], atOnce);
  }

  /** Appends an intent; `run` runs what it causes here. Resolves when the log has it, and it was done here. */
  append(nsp: string, [intent, body]: readonly [Intent, Body], run: Run): Promise<void> {
    const { publishFailed } = this.diagnostics;
    const sent = new Promise<void>((resolve, reject) => {
      const { kept, seq } = this.#writer.add(nsp, intent, body);
      const own: Own = { run, resolve, after: [], kept: null };
      this.#own.set(seq, own);
      this.#newest = own;
      kept.then(
        (point) => {
          own.kept = point;
          if (this.#isPassed(point)) this.#settle(seq, own);
        },
        (error: unknown) => {
          reject(error);
          this.#settle(seq, own);
        },
      );
    });
    sent.catch((error: unknown) => publishFailed.publish({ kind: intent.kind, nsp, error }));
    return sent;
  }

  /** Whether nothing up to a position will be read any more: it was read, or there was a break. */
  #isPassed({ epoch, offset }: LogPoint): boolean {
    const point = this.#point;
    if (point?.epoch === epoch) return point.offset >= offset;
    return this.#formerEpochs.has(epoch);
  }

  /** What this node has appended was done, or never will be. */
  #settle(seq: number, own: Own): void {
    if (!this.#own.delete(seq)) return;
    own.resolve();
    for (const act of own.after) act();
  }

  /**
   * Calls back when what this node has appended until now was read, at once when that is so. @throws Error
   * `ERR_BUS_FULL` when too many wait
   */
  afterOwn(call: () => void): Promise<void> | void {
    if (this.#own.size === 0 || this.#newest === null) {
      call();
      return;
    }
    if (this.#deferred >= MAX_DEFERRED) throw clusterError("ERR_BUS_FULL", MAX_DEFERRED);
    this.#deferred += 1;
    const { after } = this.#newest;
    return new Promise((resolve) => {
      after.push(() => {
        this.#deferred -= 1;
        call();
        resolve();
      });
    });
  }

  /** As `afterOwn`, but at most after some time, and at once when too many wait. */
  afterOwnWithin(within: Milliseconds, call: () => void): void {
    if (this.#own.size === 0 || this.#deferred >= MAX_DEFERRED) {
      call();
      return;
    }
    let isCalled = false;
    const once = (): void => {
      if (isCalled) return;
      isCalled = true;
      cancel();
      call();
    };
    const cancel = this.#setUp.clock.after(within, once);
    void this.afterOwn(once);
  }

  /** Resolves when what this node has appended until now was read, at most after some time. */
  ownRead(within: Milliseconds): Promise<void> | void {
    if (this.#own.size === 0) return;
    return new Promise((resolve) => this.afterOwnWithin(within, resolve));
  }

  /** Resolves with whether a position was read within some time. */
  reached(point: LogPoint, within: Milliseconds): Promise<boolean> | boolean {
    const own = this.#point;
    if (own !== null && own.epoch !== point.epoch) return false;
    if (own !== null && own.offset >= point.offset) return true;
    return this.#waits.wait(point, within);
  }

  /**
   * Visits the messages after a position, up to another offset. Returns whether all of them are still there; at once,
   * where they are in memory.
   */
  visit(
    after: LogPoint,
    until: number,
    look: (read: ReadMessage) => void,
  ): Promise<boolean> | boolean {
    const point = this.#point;
    if (point === null || point.epoch !== after.epoch) return false;
    if (!this.#window.reachesBackTo(after.offset, point))
      return visitPages(this.#setUp.log, { after, until }, look);
    for (const read of this.#window.between(after.offset, until)) look(read);
    return true;
  }

  onEntries(entries: readonly LogEntry[]): void {
    for (const entry of entries) if (!this.#isClosed) this.#take(entry);
  }

  #take({ message: bytes, offset }: LogEntry): void {
    const epoch = this.#point?.epoch ?? "";
    const at = { epoch, offset };
    this.#point = at;
    const message = decodeMessage(bytes);
    const { byteLength } = bytes;
    if ("reason" in message || message.header.kind !== "do") {
      const reason = "reason" in message ? message.reason : "malformed";
      this.diagnostics.messageRefused.publish({ reason, bytes: byteLength });
      this.#waits.onPoint(at);
      return;
    }
    this.#window.add(offset, message, byteLength);
    const { from, intent, nsp, seq } = message.header;
    const own = from === this.id ? this.#own.get(seq) : undefined;
    const namespace = this.#namespaces.get(nsp);
    if (intent.kind === "gap") this.#tellGap("refused", intent.missed, namespace);
    else {
      const { body } = message;
      const isOwn = from === this.id;
      namespace?.applyEntry({ intent, body, at, isOwn, run: own?.run ?? atOnce });
    }
    if (own !== undefined) {
      this.#lastOwn = at;
      this.#settle(seq, own);
    }
    this.#waits.onPoint(at);
  }

  onBreak(point: LogPoint): void {
    if (this.#isClosed) return;
    const before = this.#point;
    this.#point = point;
    this.#lastOwn = null;
    this.#window.clear();
    const isSame = before?.epoch === point.epoch;
    if (before !== null && !isSame) this.#formerEpochs.add(before.epoch);
    const missed = isSame ? point.offset - (before?.offset ?? 0) : null;
    this.#tellGap(isSame ? "trimmed" : "log lost", missed, ...this.#namespaces.values());
    this.#waits.onPoint(point);
    // What another epoch has that was not read yet is waited for.
    this.#settlePassed(false);
  }

  /** Ends the wait for what this node has appended and will not read. `isNewest`: no other epoch than that of `#point` has anything. */
  #settlePassed(isNewest: boolean): void {
    for (const [seq, own] of [...this.#own]) {
      if (own.kept === null) continue;
      const isGone = isNewest && own.kept.epoch !== this.#point?.epoch;
      if (isGone || this.#isPassed(own.kept)) this.#settle(seq, own);
    }
  }

  #tellGap(
    reason: "log lost" | "refused" | "trimmed",
    missed: number | null,
    ...namespaces: readonly (LogNamespace | undefined)[]
  ): void {
    this.diagnostics.logGap.publish({ reason, missed });
    for (const each of [...namespaces]) each?.onBreak(missed);
  }

  onState(state: BusState): void {
    if (this.#isClosed || state === this.#state) return;
    this.#state = state;
    this.diagnostics.logChanged.publish({ state });
    if (state === "up") this.#writer.retry();
  }

  /** Each heartbeat: what the log had at the last one must have arrived, or something since. */
  #checkLater(earlier: { readonly last: LogPoint; readonly read: number } | null): void {
    const { clock, log, options } = this.#setUp;
    this.#stopCheck = clock.after(options.heartbeatInterval, () => {
      const read = this.#point?.offset ?? 0;
      const { epoch, offset } = earlier?.last ?? { epoch: this.#point?.epoch, offset: 0 };
      // Another epoch is read with a break, which has not arrived either.
      const isBehind = epoch !== this.#point?.epoch || read < offset;
      if (isBehind && read === earlier?.read) {
        this.diagnostics.deaf.publish({ since: clock.now() - options.heartbeatInterval });
        void (async () => log.heal())().catch(() => {});
      }
      log.last().then(
        (last) => {
          if (this.#isClosed) return;
          if (last.epoch === this.#point?.epoch) this.#settlePassed(true);
          this.#checkLater({ last, read });
        },
        () => !this.#isClosed && this.#checkLater(null),
      );
    });
  }
}
