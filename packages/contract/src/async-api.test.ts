// The document of a contract, read by AsyncAPI's own parser.

import { Parser } from "@asyncapi/parser";
import { toJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { asyncApi } from "./async-api.ts";
import { defineContract } from "./contract.ts";

const chat = defineContract({
  clientToServer: {
    say: {
      summary: "Posts a message to everybody.",
      args: [z.string().max(500)],
      ack: type({ id: "number" }),
      errors: { MUTED: z.object({ seconds: z.number() }) },
    },
    "join room!": { args: [z.string(), z.boolean()] },
    "join_room?": {},
  },
  serverToClient: { said: { args: [z.object({ from: z.string(), text: z.string() })] } },
});
const about = { title: "Chat", version: "1.0.0" } as const;

describe("the document of a contract", () => {
  test("is valid, and has every event and answer", async () => {
    const made = asyncApi(chat, {
      ...about,
      namespace: "/chat",
      server: { host: "chat.example", protocol: "wss" },
    });
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(made));
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    const operations = document?.operations().all() ?? [];
    expect(operations.map((each) => `${each.action()} ${each.id()}`)).toEqual([
      "receive receive-say",
      "receive receive-join_room_",
      "receive receive-join_room__2",
      "send send-said",
    ]);
    expect(document?.channels().all()[0]?.address()).toBe("/chat");
    expect(document?.servers().all()[0]?.url()).toBe("wss://chat.example/socket.io/");
    const payload = document?.messages().all()[0]?.payload()?.json();
    expect(payload).toMatchObject({ type: "array", maxItems: 1, items: [{ maxLength: 500 }] });
    const answer = document?.components().messages().get("receive-say-answer");
    expect(JSON.stringify(answer?.payload()?.json())).toContain('"const":"MUTED"');
  });

  test("schemas of a library that writes none need a converter", () => {
    const contract = defineContract({
      clientToServer: { say: { args: [v.string()] } },
      serverToClient: {},
    });
    expect(() => asyncApi(contract, about)).toThrow(
      expect.objectContaining({ code: "ERR_CONTRACT_SCHEMA" }),
    );
    const made = asyncApi(contract, {
      ...about,
      toJsonSchema: (schema) => ({ ...toJsonSchema(schema as v.GenericSchema) }),
    });
    expect(JSON.stringify(made)).toContain('"items":[{"type":"string"}]');
  });

  test("a schema that has no JSON form says where it stands", () => {
    const contract = defineContract({
      clientToServer: { say: { args: [z.string(), z.bigint()] } },
      serverToClient: {},
    });
    expect(() => asyncApi(contract, about)).toThrow("no JSON Schema: say.args[1]: ");
  });
});
