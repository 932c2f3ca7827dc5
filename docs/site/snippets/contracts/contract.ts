import { defineContract } from "@sockeye/contract";
import { z } from "zod";

export const chat = defineContract({
  clientToServer: {
    say: {
      summary: "Posts a message to everybody.",
      args: [z.string().trim().min(1).max(500)],
      ack: z.object({ id: z.number() }),
      errors: { MUTED: z.object({ seconds: z.number() }) },
    },
    typing: { args: [z.boolean()] },
  },
  serverToClient: {
    said: { args: [z.object({ id: z.number(), text: z.string() })] },
  },
});
