// The AsyncAPI 3.0 document of a contract, from the server's point of view: it receives what clients emit.

import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Contract, EventContract, EventContracts, Schema } from "./contract.ts";
import { contractError } from "./errors.ts";

/** A JSON Schema of draft 7, which AsyncAPI's own schema objects extend. */
type JsonSchema = Readonly<Record<string, unknown>>;

/** What the document says beside the events. */
export interface AsyncApiOptions {
  readonly title: string;
  /** Of the contract, not of the library. */
  readonly version: string;
  readonly description?: string;
  /** The namespace. Default `"/"`. */
  readonly namespace?: string;
  /** Where the server is, for instance `{ host: "chat.example", protocol: "wss" }`. */
  readonly server?: {
    readonly host: string;
    readonly protocol: "ws" | "wss";
    /** Default `"/socket.io/"`. */
    readonly path?: string;
  };
  /**
   * Writes a schema as JSON Schema of draft 7, where the schema cannot do so itself. zod 4 and arktype can; for valibot it is
   * `toJsonSchema` of `@valibot/to-json-schema`.
   */
  readonly toJsonSchema?: (schema: Schema) => JsonSchema;
}

/** An AsyncAPI 3.0 document. */
export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
  };
  readonly defaultContentType: "application/json";
  readonly servers?: Readonly<Record<string, unknown>>;
  readonly channels: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, unknown>>;
  readonly components: { readonly messages: Readonly<Record<string, unknown>> };
}

/** The one channel; its address is the namespace. */
const CHANNEL = "namespace";

/**
 * Describes a contract as an AsyncAPI 3.0 document. The payload of an event is the array of its arguments, that of an answer
 * the answer.
 * @throws Error `ERR_CONTRACT_SCHEMA` when a schema cannot be written as JSON Schema
 * @example writeFileSync("asyncapi.json", JSON.stringify(asyncApi(chat, { title: "Chat", version: "1.0.0" })));
 */
export function asyncApi(contract: Contract, options: AsyncApiOptions): AsyncApiDocument {
  const { description, namespace = "/", server, title, version } = options;
  const keys = new Keys();
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  const add = (events: EventContracts, action: "receive" | "send"): void => {
    for (const [name, event] of Object.entries(events)) {
      const key = keys.of(`${action}-${name}`);
      messages[key] = eventMessage(name, event, options);
      const operation: Record<string, unknown> = {
        action,
        channel: reference("channels", CHANNEL),
        messages: [reference("channels", CHANNEL, "messages", key)],
      };
      if (event.summary !== undefined) operation["summary"] = event.summary;
      const { ack } = event;
      if (ack !== undefined) {
        const reply = keys.of(`${action}-${name}-answer`);
        messages[reply] = answerMessage(name, { ...event, ack }, options);
        operation["reply"] = {
          channel: reference("channels", CHANNEL),
          messages: [reference("channels", CHANNEL, "messages", reply)],
        };
      }
      operations[key] = operation;
    }
  };
  add(contract.clientToServer, "receive");
  add(contract.serverToClient, "send");
  const named = Object.keys(messages).map((key) => [key, reference("components", "messages", key)]);
  return {
    asyncapi: "3.0.0",
    info: { title, version, ...(description !== undefined && { description }) },
    defaultContentType: "application/json",
    ...(server && {
      servers: {
        main: {
          host: server.host,
          protocol: server.protocol,
          pathname: server.path ?? "/socket.io/",
          description: "Speaks the Socket.IO protocol, version 5.",
        },
      },
    }),
    channels: { [CHANNEL]: { address: namespace, messages: Object.fromEntries(named) } },
    operations,
    components: { messages },
  };
}

function reference(...path: string[]): { $ref: string } {
  return { $ref: `#/${path.join("/")}` };
}

/** Keys of a document: few characters are allowed in them, and event names may have any. */
class Keys {
  readonly #taken = new Set<string>();

  of(name: string): string {
    const plain = name.replace(/[^\w.-]/gu, "_");
    let key = plain;
    for (let n = 2; this.#taken.has(key); n++) key = `${plain}_${n}`;
    this.#taken.add(key);
    return key;
  }
}

function eventMessage(
  name: string,
  { args = [], summary }: EventContract,
  options: AsyncApiOptions,
): unknown {
  const items = args.map((schema, at) => jsonSchema(schema, options, `${name}.args[${at}]`));
  const payload = {
    type: "array",
    ...(items.length > 0 && { items, additionalItems: false }),
    maxItems: items.length,
  };
  return { name, ...(summary !== undefined && { summary }), payload };
}

function answerMessage(
  name: string,
  { ack, errors = {} }: EventContract & { readonly ack: Schema },
  options: AsyncApiOptions,
): unknown {
  const answer = jsonSchema(ack, options, `${name}.ack`);
  const failures = Object.entries(errors).map(([code, schema]) => ({
    type: "object",
    required: ["error"],
    properties: {
      error: {
        type: "object",
        required: ["code", "details"],
        properties: {
          code: { const: code },
          details: jsonSchema(schema, options, `${name}.errors.${code}`),
        },
      },
    },
  }));
  const payload = failures.length > 0 ? { anyOf: [answer, ...failures] } : answer;
  return { name: `${name} (answer)`, payload };
}

/** A schema as JSON Schema of what is sent, which is what the schema takes. */
function jsonSchema(schema: Schema, { toJsonSchema }: AsyncApiOptions, place: string): JsonSchema {
  const standard = schema["~standard"] as Partial<StandardJSONSchemaV1.Props>;
  let made: Record<string, unknown> | undefined;
  try {
    made = toJsonSchema
      ? { ...toJsonSchema(schema) }
      : standard.jsonSchema && { ...standard.jsonSchema.input({ target: "draft-07" }) };
  } catch (cause) {
    throw Object.assign(contractError("ERR_CONTRACT_SCHEMA", `${place}: ${String(cause)}`), {
      cause,
    });
  }
  if (made === undefined) {
    throw contractError(
      "ERR_CONTRACT_SCHEMA",
      `${place}: its library has none; give \`toJsonSchema\``,
    );
  }
  // Says which draft it is; inside a document that is the document's to say.
  const { $schema: _, ...rest } = made;
  return rest;
}
