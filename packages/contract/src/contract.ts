// What a contract declares. Data only: nothing here validates anything.

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { contractError } from "./errors.ts";

/** A schema of any library that implements Standard Schema: zod, valibot, arktype and others. */
export type Schema = StandardSchemaV1;

/** What one event carries. */
export interface EventContract {
  /** A schema for each argument, in order; none means an event without arguments. */
  readonly args?: readonly Schema[];
  /** The schema of the answer. An event without one asks for no answer. */
  readonly ack?: Schema;
  /** Errors that the answer may be instead, by code; each with the schema of its details. Only together with `ack`. */
  readonly errors?: Readonly<Record<string, Schema>>;
  /** One sentence for the reader of the document that is made from the contract. */
  readonly summary?: string;
}

/** The events of one direction, by name. */
export type EventContracts = Readonly<Record<string, EventContract>>;

/** The events of one namespace, in both directions. */
export interface Contract {
  /** What clients emit. */
  readonly clientToServer: EventContracts;
  /** What the server emits. */
  readonly serverToClient: EventContracts;
}

/** A Standard Schema has one well-known property. */
function isSchema(value: unknown): boolean {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && typeof (value as Partial<Schema>)["~standard"]?.validate === "function";
}

function checkEvent(place: string, { ack, args = [], errors }: EventContract): void {
  if (!Array.isArray(args)) throw contractError("ERR_CONTRACT", `${place}.args is no array`);
  for (const [at, schema] of args.entries()) {
    if (!isSchema(schema)) throw contractError("ERR_CONTRACT", `${place}.args[${at}] is no schema`);
  }
  if (ack !== undefined && !isSchema(ack)) {
    throw contractError("ERR_CONTRACT", `${place}.ack is no schema`);
  }
  if (errors === undefined) return;
  if (ack === undefined) throw contractError("ERR_CONTRACT", `${place} has errors, but no ack`);
  for (const [code, schema] of Object.entries(errors)) {
    if (!isSchema(schema)) {
      throw contractError("ERR_CONTRACT", `${place}.errors.${code} is no schema`);
    }
  }
}

/**
 * Declares the events of a namespace once, for both sides. Returns what it was given, so that its types can be read from
 * it: `ServerListens<typeof chat>` and its like are the event maps of server and client.
 * @throws Error `ERR_CONTRACT` when something in it is no Standard Schema, or errors stand where there is no answer
 * @example
 * const chat = defineContract({
 *   clientToServer: { say: { args: [z.string().max(500)], ack: z.object({ id: z.string() }) } },
 *   serverToClient: { said: { args: [z.object({ from: z.string(), text: z.string() })] } },
 * });
 */
export function defineContract<const Declared extends Contract>(contract: Declared): Declared {
  for (const direction of ["clientToServer", "serverToClient"] as const) {
    const events: EventContracts | undefined = contract[direction];
    if (typeof events !== "object" || events === null) {
      throw contractError("ERR_CONTRACT", `${direction} is no object of events`);
    }
    for (const [name, event] of Object.entries(events)) checkEvent(`${direction}.${name}`, event);
  }
  return contract;
}
