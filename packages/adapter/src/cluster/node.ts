// One node of a cluster: what this server says to the others over a bus, and what it hears of them. Knows messages, not
// namespaces; what is done with an intent is decided by the adapter of its namespace (cluster-adapter.ts).

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { Encoded, Frame } from "@sockeye/protocol";
import type { Channel, ChannelReceiver } from "../channels.ts";
import { Arrivals } from "./arrivals.ts";
import { type LinkBacklog, NO_BACKLOG } from "./backlog.ts";
import { unpack } from "./batch.ts";
import type { Bus, BusReceiver, BusState, NodeId } from "./bus.ts";
import type { ClusterDiagnostics, NodeEnd } from "./diagnostics.ts";
import { clusterError } from "./errors.ts";
import type {
  Body,
  ChannelAddress,
  Header,
  Intent,
  Message,
  Numbered,
  SentRequest,
} from "./intents.ts";
import type {
  ClusterLink,
  NodeNamespace,
  Question,
  Reply,
  SessionLink,
  SessionReceiver,
} from "./link.ts";
import { Members } from "./members.ts";
import { decodeMessage, VERSION } from "./message.ts";
import { ChannelTable, type NodeChannels } from "./node-channels.ts";
import type { ClusterOptions } from "./options.ts";
import { Pulse } from "./pulse.ts";
import { type Asker, Requests } from "./requests.ts";
import { Sender } from "./sender.ts";
import { Settling } from "./settling.ts";

/** What a node is made of. */
export interface NodeSetUp {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly options: ClusterOptions;
  readonly diagnostics: ClusterDiagnostics;
  /** Names the codec of the server. */
  readonly codec: string;
}

const MAX_HELD = 1000;
const MAX_NODES = 10_000;

/** A node of a cluster. */
export class ClusterNode implements BusReceiver, ClusterLink, NodeChannels, SessionLink {
  readonly id: NodeId;
  readonly diagnostics: ClusterDiagnostics;
  readonly members: Members;
  readonly #codec: string;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #options: ClusterOptions;
  readonly #namespaces = new Map<string, NodeNamespace>();
  readonly #arrivals: Arrivals<Message<Numbered>>;
  readonly #requests: Requests;
  readonly #pulse: Pulse;
  readonly #sender: Sender;
  readonly #settling = new Settling();
  readonly #channels: ChannelTable;
  #phase: "opening" | "open" | "closed" = "opening";
  #sessions: SessionReceiver | null = null;

  constructor({ bus, clock, codec, diagnostics, options }: NodeSetUp) {
    this.id = bus.nodeId;
    this.#bus = bus;
    this.#clock = clock;
    this.#options = options;
    this.#codec = codec;
    this.diagnostics = diagnostics;
    this.members = new Members(codec);
    this.#requests = new Requests(clock);
    this.#sender = new Sender(bus, diagnostics, options.maxPayload);
    const port = {
      deliver: (message: Message<Numbered>) => this.#deliver(message),
      gap: (node: NodeId, missed: number) => this.#onGap(node, missed),
      duplicate: (node: NodeId) => diagnostics.duplicate.publish({ node }),
      full: () => diagnostics.limitReached.publish({ limit: "maxHeld", value: MAX_HELD }),
    };
    this.#arrivals = new Arrivals(clock, port, {
      patience: bus.reorderWindow,
      maxHeld: MAX_HELD,
      maxNodes: MAX_NODES,
    });
    this.#channels = this.#makeChannels();
    const pulse = {
      beat: () => this.#beat(),
      onDeaf: (since: Milliseconds) => this.#onDeaf(since),
      onHealed: (after: Milliseconds) => this.#onHealed(after),
      onSilent: (node: NodeId) => this.#forget(node, "silent"),
      onOverdue: (node: NodeId) =>
        void this.#attempt(this.#sender.send(node, { kind: "probe" }, null)),
    };
    this.#pulse = new Pulse({ clock, members: this.members, port: pulse, settings: options });
  }

  get isReady(): boolean {
    return this.#settling.isReady;
  }

  others(): Promise<readonly NodeId[]> | readonly NodeId[] {
    if (this.#settling.isDone) return this.members.ids;
    return this.#settling.done.then(() => this.members.ids);
  }

  get commonCodec(): string {
    return this.members.isUniform ? this.#codec : "";
  }

  /** Whether nothing is received, as far as is known. */
  get isDeaf(): boolean {
    return this.#pulse.isDeaf;
  }

  get backlog(): LinkBacklog {
    return { ...NO_BACKLOG, requests: this.#requests.size, held: this.#arrivals.held };
  }

  get maxPayload(): number {
    return this.#sender.maxPayload;
  }

  /** Whether no namespace uses the node. */
  get isVacant(): boolean {
    return this.#namespaces.size === 0;
  }

  /** Begins. Rejects when the bus cannot be opened; it is tried again after each heartbeat then. */
  async open(): Promise<void> {
    this.#settling.begin(this.#clock, this.#options.requestsTimeout);
    try {
      await this.#bus.open(this);
    } catch (error) {
      this.#settling.failed();
      this.#clock.after(this.#options.heartbeatInterval, () => {
        if (this.#phase === "opening") this.open().catch(() => {});
      });
      throw error;
    }
    if (this.#phase !== "opening") return;
    this.#phase = "open";
    this.#pulse.start();
    this.#announce("hello");
    const { count } = this.#bus;
    this.#settling.start(this.#clock, count === undefined ? count : () => count.call(this.#bus));
    await this.#settling.done;
  }

  /** Says goodbye, and ends. Requests that wait fail. */
  async close(): Promise<void> {
    if (this.#phase === "closed") return;
    if (this.#phase === "open") await this.#attempt(this.#sender.publish({ kind: "bye" }, null));
    this.#phase = "closed";
    this.#sender.close();
    this.#pulse.stop();
    this.#settling.end();
    this.#arrivals.clear();
    this.#requests.failAll(clusterError("ERR_CLUSTER_CLOSED"));
    await this.#bus.close();
  }

  attach(nsp: string, namespace: NodeNamespace): void {
    this.#namespaces.set(nsp, namespace);
  }

  detach(nsp: string): void {
    this.#namespaces.delete(nsp);
  }

  publish(nsp: string, intent: Intent, body: Body): Promise<void> | void {
    const sent = this.#sender.publish({ kind: "do", nsp, intent }, body);
    return this.#watched(sent, intent.kind, nsp);
  }

  ask(question: Question<SentRequest>, nodes: readonly NodeId[], asker: Asker): number {
    const { body, nsp, request, timeout } = question;
    const limit = this.#options.maxRequests;
    const id = this.#requests.begin(nodes, timeout, {
      onAnswer: (node, answer, content) => asker.onAnswer(node, answer, content),
      onNodeLeft: (node) => asker.onNodeLeft?.(node),
      onEnd: (end) => {
        const { missing, reason } = end;
        if (reason !== "answered") {
          this.diagnostics.requestIncomplete.publish({ kind: request.kind, nsp, missing, reason });
        }
        asker.onEnd(end);
      },
    });
    if (nodes.length === 0) return id;
    if (this.#requests.size > limit) {
      this.diagnostics.limitReached.publish({ limit: "maxRequests", value: limit });
      this.#requests.fail(id, clusterError("ERR_CLUSTER_BUSY", limit));
      return id;
    }
    const sent = this.#sender.publish({ kind: "request", nsp, id, request }, body);
    this.#watched(sent, request.kind, nsp)?.catch((error: Error) => this.#requests.fail(id, error));
    return id;
  }

  get sessions(): SessionLink {
    return this;
  }

  get channels(): NodeChannels {
    return this;
  }

  openChannel(address: ChannelAddress, receiver: ChannelReceiver): Channel {
    return this.#channels.open(address, receiver);
  }

  closeChannel(address: ChannelAddress): void {
    this.#channels.close(address);
  }

  #makeChannels(): ChannelTable {
    const { members } = this;
    return new ChannelTable({
      id: this.id,
      maxPayload: this.maxPayload,
      get nodes() {
        return members.ids;
      },
      publish: (address, message) =>
        void this.#attempt(this.#sender.publish({ kind: "channel", ...address, message }, null)),
      send: (node, address, message) => {
        const header = { kind: "channel to one", ...address, message } as const;
        void this.#attempt(this.#sender.send(node, header, null));
      },
    });
  }

  isMember(node: NodeId): boolean {
    return this.members.ids.includes(node);
  }

  tell(node: NodeId, message: object, body: Frame | null): Promise<void> | void {
    const sent = this.#sender.send(node, { kind: "session", message }, body);
    return this.#watched(sent, "session", "");
  }

  receiveSessions(receiver: SessionReceiver): void {
    this.#sessions = receiver;
  }

  forget(id: number): void {
    this.#requests.forget(id);
  }

  onMessage(bytes: Uint8Array): void {
    for (const message of unpack(bytes)) this.#take(message);
  }

  #take(bytes: Uint8Array): void {
    if (this.#phase === "closed") return;
    const message = decodeMessage(bytes);
    if ("reason" in message) {
      this.diagnostics.messageRefused.publish({ reason: message.reason, bytes: bytes.byteLength });
      return;
    }
    const { body, header } = message;
    if (header.from === this.id) {
      if (header.kind === "beat" || header.kind === "hello") this.#pulse.onEcho();
      return;
    }
    this.members.heard(header.from, this.#clock.now());
    if (header.kind === "answer") {
      this.#requests.answer(header.id, header.from, [header.answer, body]);
    } else if (header.kind === "session") {
      this.#sessions?.onMessage(header.from, header.message, body);
    } else if (header.kind === "probe") this.#welcome(header.from);
    else if (header.kind === "channel to one") {
      this.#channels.deliver(header.from, header, header.message);
    } else if (header.kind === "welcome") {
      this.#meet(header.from, header.codec);
      this.#arrivals.startAfter(header.from, header.last);
    } else if (Number.isSafeInteger(header.seq)) {
      this.#arrivals.take(header.from, header.seq, message as Message<Numbered>);
    }
  }

  onState(state: BusState): void {
    if (this.#phase !== "open") return;
    this.diagnostics.busChanged.publish({ state });
    if (state === "down") {
      this.#pulse.suspend();
      return;
    }
    // At once: the numbers of messages show what was lost, on both sides.
    this.#pulse.restart();
    this.#announce("hello");
  }

  onGone(node: NodeId): void {
    this.#forget(node, "gone");
  }

  #deliver({ body, header }: Message<Numbered>): void {
    switch (header.kind) {
      case "hello":
      case "beat":
        this.#meet(header.from, header.codec);
        if (header.kind === "hello") this.#welcome(header.from);
        return;
      case "bye":
        this.#forget(header.from, "closed");
        return;
      case "do":
        // Gaps are marked in logs alone.
        if (header.intent.kind !== "gap")
          this.#namespaces.get(header.nsp)?.apply(header.intent, body);
        return;
      case "request":
        this.#answer(header, body);
        return;
      case "channel":
        this.#channels.deliver(header.from, header, header.message);
        return;
      default:
      // Of a newer node: what must not be missed has a newer version.
    }
  }

  #answer(asked: Extract<Header, { kind: "request" }>, body: Encoded | null): void {
    const { from, id, nsp, request } = asked;
    const reply: Reply = (answer, content = null) =>
      void this.#attempt(this.#sender.send(from, { kind: "answer", id, answer }, content));
    const namespace = this.#namespaces.get(nsp);
    if (namespace === undefined) reply({ kind: "unknown" });
    else namespace.answer(request, body, reply);
  }

  #meet(node: NodeId, codec: string): void {
    if (!this.members.add(node, codec, this.#clock.now())) return;
    this.diagnostics.nodeJoined.publish({ node });
    this.#settling.onKnown(this.members.size + 1);
    this.#channels.joined(node);
  }

  #forget(node: NodeId, reason: NodeEnd): void {
    // A silent node may come back; then its numbers show how many of its messages were missed.
    if (reason !== "silent") this.#arrivals.forget(node);
    if (!this.members.remove(node)) return;
    this.diagnostics.nodeLeft.publish({ node, reason });
    this.#requests.onNodeLeft(node);
    this.#sessions?.onNodeLeft(node);
    this.#channels.left(node);
  }

  #onGap(node: NodeId, missed: number): void {
    this.diagnostics.gap.publish({ node, missed });
    for (const namespace of [...this.#namespaces.values()]) namespace.onGap(node, missed);
  }

  #onDeaf(since: Milliseconds): void {
    this.diagnostics.deaf.publish({ since });
    void this.#attempt((async () => this.#bus.heal())());
  }

  #onHealed(after: Milliseconds): void {
    this.diagnostics.healed.publish({ after });
    this.#announce("hello");
  }

  #beat(): void {
    this.#announce("beat");
    this.#channels.beat();
  }

  #announce(kind: "beat" | "hello"): void {
    const header = { kind, codec: this.#codec, version: VERSION };
    void this.#attempt(this.#sender.publish(header, null, { isEchoed: true }));
  }

  #welcome(node: NodeId): void {
    const codec = this.#codec;
    const { last } = this.#sender;
    const header = { kind: "welcome", codec, version: VERSION, last } as const;
    void this.#attempt(this.#sender.send(node, header, null));
  }

  #watched(sent: Promise<void> | void, kind: string, nsp: string): Promise<void> | void {
    sent?.catch((error: unknown) => {
      this.diagnostics.publishFailed.publish({ kind, nsp, error });
    });
    return sent;
  }

  /** What fails here is sent again by the next heartbeat, or is noticed by the node that waits. */
  async #attempt(sent: Promise<void> | void): Promise<void> {
    await this.#watched(sent, "heartbeat, answer or channel", "")?.catch(() => {});
  }
}
