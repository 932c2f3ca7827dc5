// The event maps that follow from a contract.

import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Contract, EventContract, EventContracts, Schema } from "./contract.ts";
import type { Failure, Refusal } from "./errors.ts";

type Inputs<Schemas> = {
  -readonly [At in keyof Schemas]: Schemas[At] extends Schema
    ? StandardSchemaV1.InferInput<Schemas[At]>
    : never;
};

type Outputs<Schemas> = {
  -readonly [At in keyof Schemas]: Schemas[At] extends Schema
    ? StandardSchemaV1.InferOutput<Schemas[At]>
    : never;
};

/** Arguments as they are emitted: what the schemas take. */
type Emitted<Event extends EventContract> = Event["args"] extends readonly Schema[]
  ? Inputs<Event["args"]>
  : [];

/** Arguments as listeners get them: what the schemas make of them. */
type Received<Event extends EventContract> = Event["args"] extends readonly Schema[]
  ? Outputs<Event["args"]>
  : [];

/** The declared errors of an event, each as the answer that it is. */
type Failures<Event extends EventContract, Form extends "in" | "out"> =
  Event["errors"] extends Readonly<Record<string, Schema>>
    ? {
        [Code in keyof Event["errors"] & string]: Failure<
          Code,
          Form extends "in"
            ? StandardSchemaV1.InferInput<Event["errors"][Code]>
            : StandardSchemaV1.InferOutput<Event["errors"][Code]>
        >;
      }[keyof Event["errors"] & string]
    : never;

/** The callback of whoever asks: an answer, a declared error, or a refusal. */
type Asking<Event extends EventContract> = Event["ack"] extends Schema
  ? [
      answer: (
        answer: StandardSchemaV1.InferOutput<Event["ack"]> | Failures<Event, "out"> | Refusal,
      ) => void,
    ]
  : [];

/** The callback of whoever answers: an answer or a declared error. */
type Answering<Event extends EventContract> = Event["ack"] extends Schema
  ? [answer: (answer: StandardSchemaV1.InferInput<Event["ack"]> | Failures<Event, "in">) => void]
  : [];

type EmitMap<Events extends EventContracts> = {
  -readonly [Name in keyof Events]: (
    ...args: [...Emitted<Events[Name]>, ...Asking<Events[Name]>]
  ) => void;
};

type ListenMap<Events extends EventContracts> = {
  -readonly [Name in keyof Events]: (
    ...args: [...Received<Events[Name]>, ...Answering<Events[Name]>]
  ) => void;
};

/** What the server listens to: arguments as the schemas make them. First parameter of `Server`. */
export type ServerListens<Declared extends Contract> = ListenMap<Declared["clientToServer"]>;

/** What the server emits. Second parameter of `Server`. */
export type ServerEmits<Declared extends Contract> = EmitMap<Declared["serverToClient"]>;

/** What a client listens to: what the server emits. First parameter of the client's `Socket`. */
export type ClientListens<Declared extends Contract> = ListenMap<Declared["serverToClient"]>;

/** What a client emits. Second parameter of the client's `Socket`. */
export type ClientEmits<Declared extends Contract> = EmitMap<Declared["clientToServer"]>;
