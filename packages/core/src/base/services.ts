// The services shared by all layers of the core: one frozen record instead of references to the server.

import type { RecoveryLimits, RecoveryStore, SocketId } from "@sockeye/adapter";
import {
  createEngineDiagnostics,
  type EngineDiagnostics,
  type EnginePlatform,
  type Framer,
} from "@sockeye/engine";
import {
  type Clock,
  Deadlines,
  IdGenerator,
  type Milliseconds,
  type PointsSetUp,
} from "@sockeye/portable";
import { type Codec, jsonCodec } from "@sockeye/protocol";
import { AckNumbers } from "./ack-numbers.ts";
import { Decoders } from "./decoders.ts";
import { type CoreDiagnostics, createCoreDiagnostics } from "./diagnostics.ts";
import { lossyDataReport } from "./lossy-data-report.ts";
import {
  type CoreOptions,
  type ListenerErrorHandler,
  type RecoveryOptions,
  USUAL_CODEC,
} from "./options.ts";
import { owningCodec } from "./owning-codec.ts";
import { ShownErrors } from "./safe.ts";
import { Patience, Stalls } from "./stalls.ts";
import { type CallSite, UserCode } from "./user-code.ts";
import { Walks } from "./walks.ts";

/** The services of a host. */
export interface ServerPlatform
  extends Pick<
    EnginePlatform,
    "collect" | "copiesFrames" | "diagnostics" | "fillRandom" | "heapLimit" | "transports"
  > {
  readonly clock: Clock;
  /** Calls back when the frames of this event-loop turn are written. Default: a timer of 0 ms. */
  afterTurn?(callback: () => void): void;
  /** A clock whose timers do not keep the process alive, for state kept after disconnection. Default: `clock`. */
  readonly idleClock?: Clock;
  readonly framer: Framer;
  /**
   * Keeps what recovery needs of a namespace beyond the life of the process. Default: it is kept in memory alone.
   * @param nsp the name of the namespace
   * @param limits `maxAge` in milliseconds
   */
  recoveryStore?(nsp: string, limits: RecoveryLimits): RecoveryStore;
  /** Rethrows an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
  /** Shows a warning to the operator. */
  warn(text: string): void;
  /** Returns the platform's diagnostics channel of a name, if it has any. */
  readonly channel?: PointsSetUp["channel"];
}

/** The services of one server. */
export interface Services {
  readonly codec: Codec;
  /** The codec for packets to one client, which are sent at once: it copies nothing where the host does. */
  readonly directCodec: Codec;
  readonly decoders: Decoders;
  readonly clock: Clock;
  /** When the server was created, in milliseconds since 1970. */
  readonly startedAt: Milliseconds;
  readonly deadlines: Deadlines;
  readonly userCode: UserCode;
  readonly walks: Walks;
  readonly diagnostics: CoreDiagnostics;
  /** How long middleware may take. */
  readonly patience: Patience;
  /** Watches middleware. */
  readonly stalls: Stalls;
  /** The points of every engine of the server. */
  readonly engineDiagnostics: EngineDiagnostics;
  readonly ackNumbers: AckNumbers;
  /** The recovery options, when recovery is enabled. */
  readonly recovery: RecoveryOptions | undefined;
  /** How long a packet may be incomplete. */
  readonly attachmentTimeout: Milliseconds;
  makeSocketId(): SocketId;
  /** Generates a private session id: secret, so never the id of a socket. */
  makeSessionId(): string;
  warn(text: string): void;
  /**
   * A codec threw an error other than ProtocolError. The operator is warned once: clients can make a parser throw at
   * will.
   */
  onCodecFailed(error: Error): void;
}

/** With `safe` there is always one, so that rejections are taken, too. */
function errorHandler(
  { onListenerError }: CoreOptions,
  shown: ShownErrors | null,
): ListenerErrorHandler<never> | undefined {
  if (onListenerError !== undefined || shown === null) return onListenerError;
  return (...[error, , event, kind]) => shown.show(error, `${kind} (${event})`);
}

/** Where an error comes from that an action threw which had waited for the end of a walk. */
const WALKS: CallSite = { target: null, socket: null, event: "broadcast", kind: "delivery" };

/** The services of a server with these options on this platform. */
export function createServices(options: CoreOptions, platform: ServerPlatform): Services {
  const ids = new IdGenerator(platform.fillRandom);
  const shown = options.safe ? new ShownErrors(platform.clock, platform.warn.bind(platform)) : null;
  const surface = (error: unknown): void => {
    if (shown === null) platform.surface(error);
    else shown.show(error);
  };
  const points: PointsSetUp = {
    channel: platform.channel,
    onFault({ error, point }) {
      // What a listener of this point throws must not be published at it.
      if (point === diagnostics.userCodeFailed.name) surface(error);
      else {
        userCode.failed(error, { target: null, socket: null, event: point, kind: "diagnostics" });
      }
    },
  };
  const diagnostics = createCoreDiagnostics(points);
  const userCode = new UserCode(errorHandler(options, shown), surface, diagnostics.userCodeFailed);
  const warn = (text: string): void => platform.warn(text);
  const { attachmentTimeout, maxAttachmentBytes, maxAttachments } = options;
  const usual = jsonCodec({
    limits: { maxAttachments, maxAttachmentBytes },
    onNotPlain: lossyDataReport(diagnostics.dataLost, warn),
  });
  const parser = options.parser === USUAL_CODEC ? usual : options.parser;
  const codec = owningCodec(parser);
  const unhurried = new Deadlines(platform.idleClock ?? platform.clock, { onFailed: surface });
  const patience = new Patience(unhurried, options.slowMiddleware);
  let isCodecBlamed = false;
  return Object.freeze({
    codec,
    directCodec: platform.copiesFrames === true ? parser : codec,
    decoders: new Decoders(codec),
    clock: platform.clock,
    startedAt: platform.clock.wallTime(),
    deadlines: new Deadlines(platform.clock, { ...points, onFailed: surface }),
    userCode,
    walks: new Walks((error) => userCode.failed(error, WALKS)),
    diagnostics,
    patience,
    stalls: new Stalls(patience, diagnostics.middlewareStalled),
    engineDiagnostics: platform.diagnostics ?? createEngineDiagnostics(points),
    ackNumbers: new AckNumbers(),
    recovery: options.connectionStateRecovery,
    attachmentTimeout,
    makeSocketId: () => ids.next(),
    makeSessionId: () => ids.next(),
    warn,
    onCodecFailed({ message }: Error): void {
      if (!isCodecBlamed) warn(`codec failed: ${message}`);
      isCodecBlamed = true;
    },
  });
}
