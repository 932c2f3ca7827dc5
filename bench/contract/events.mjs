// The events that are validated, each with a schema of one library.

import { type as ark } from "arktype";
import * as v from "valibot";
import { z } from "zod";

/** @typedef {import("@standard-schema/spec").StandardSchemaV1} Schema */
/** @typedef {{ name: string, argument: unknown, schema: Schema }} Event */

const text = "hello there";
const message = { id: 12, text, tags: ["a", "b"], at: 1764547200 };

/** @type {Event[]} */
export const events = [
  { name: "a string, zod", argument: text, schema: z.string() },
  { name: "a string, valibot", argument: text, schema: v.string() },
  { name: "a string, arktype", argument: text, schema: ark("string") },
  {
    name: "an object, zod",
    argument: message,
    schema: z.object({
      id: z.number(),
      text: z.string(),
      tags: z.array(z.string()),
      at: z.number(),
    }),
  },
  {
    name: "an object, valibot",
    argument: message,
    schema: v.object({
      id: v.number(),
      text: v.string(),
      tags: v.array(v.string()),
      at: v.number(),
    }),
  },
  {
    name: "an object, arktype",
    argument: message,
    schema: ark({ id: "number", text: "string", tags: "string[]", at: "number" }),
  },
];

/**
 * The contract that has an event by the name `say`.
 * @param {Event} event
 */
export const contractOf = ({ schema }) => ({
  clientToServer: { say: { args: [schema] } },
  serverToClient: {},
});
