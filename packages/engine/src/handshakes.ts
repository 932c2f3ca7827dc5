// The application's part in a handshake: whether it is allowed, and the id of its session. Each is decided synchronously or
// later.

import { type FillRandom, IdGenerator } from "@sockeye/portable";
import type { Admission } from "./admission.ts";
import type { Connection } from "./connection.ts";
import { engineError } from "./errors.ts";
import type { RequestHead } from "./ports/http.ts";
import { type Refusal, RefusalCode, refusal } from "./refusals.ts";
import type { Revision } from "./revision.ts";

/** The answer of `allow`: allowed, or refused with a text that replaces "Forbidden". */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly message?: string };

/** Decisions of the application. */
export interface HandshakeHooks {
  /** The text with which a handshake is refused before `allow` is asked; `null`: it goes on. Must not throw. */
  screen?(request: RequestHead): string | null;
  /** Decides about a handshake, synchronously or later. A second decision is ignored. */
  allow?(request: RequestHead, decide: (verdict: Verdict) => void): void;
  /** Whether a request may belong to an open session. Must not throw. Default: who knows its id. */
  belongs?(connection: Connection, request: RequestHead): boolean;
  /** Generates session ids in place of the built-in generator. */
  makeId?(request: RequestHead): string | Promise<string>;
}

/** The part of an engine that is used. */
export interface HandshakesOwner {
  readonly allowEIO3: boolean;
  readonly hooks: HandshakeHooks;
  /** Whether a session has this id. */
  hasSession(id: string): boolean;
  onFault(error: unknown): void;
}

/** A handshake that was admitted so far. */
type Handshake = Extract<Admission, { kind: "handshake" }>;

/** The decisions of one engine. */
export class Handshakes {
  readonly #owner: HandshakesOwner;
  readonly #ids: IdGenerator;

  constructor(owner: HandshakesOwner, fillRandom?: FillRandom) {
    this.#owner = owner;
    this.#ids = new IdGenerator(fillRandom);
  }

  /** Runs the application's decisions about a handshake; ends with an id or a refusal. */
  prepare(
    request: RequestHead,
    { revision }: Handshake,
    done: (outcome: string | Refusal) => void,
  ): void {
    const { hooks } = this.#owner;
    const objection = hooks.screen?.(request) ?? null;
    if (objection !== null) {
      done(refusal(RefusalCode.FORBIDDEN, { message: objection }, objection));
      return;
    }
    if (hooks.allow === undefined) {
      this.#identify(request, revision, done);
      return;
    }
    let isDecided = false;
    const decide = (verdict: Verdict): void => {
      if (isDecided) return;
      isDecided = true;
      if (verdict.allowed) this.#identify(request, revision, done);
      else {
        const { message } = verdict;
        done(refusal(RefusalCode.FORBIDDEN, { message }, message));
      }
    };
    try {
      hooks.allow(request, decide);
    } catch (error) {
      this.#owner.onFault(error);
      decide({ allowed: false });
    }
  }

  #identify(
    request: RequestHead,
    revision: Revision,
    done: (outcome: string | Refusal) => void,
  ): void {
    const { allowEIO3, hooks } = this.#owner;
    if (revision === 3 && !allowEIO3) {
      done(refusal(RefusalCode.UNSUPPORTED_PROTOCOL_VERSION, { protocol: revision }));
      return;
    }
    if (hooks.makeId === undefined) {
      done(this.#ids.next());
      return;
    }
    let made: unknown;
    try {
      made = hooks.makeId(request);
    } catch (error) {
      done(noId(error));
      return;
    }
    if (typeof made === "string") done(this.#idOrRefusal(made));
    else {
      Promise.resolve(made).then(
        (id) => done(this.#idOrRefusal(id)),
        (error: unknown) => done(noId(error)),
      );
    }
  }

  /** Validates an id of the application. */
  #idOrRefusal(id: unknown): string | Refusal {
    if (typeof id !== "string") return noId(engineError("ERR_SESSION_ID_TYPE"));
    return this.#owner.hasSession(id) ? noId(engineError("ERR_SESSION_ID_IN_USE")) : id;
  }
}

function noId(error: unknown): Refusal {
  return refusal(RefusalCode.BAD_REQUEST, { name: "ID_GENERATION_ERROR", error });
}
