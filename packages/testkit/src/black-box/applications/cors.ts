// Forms of the option `cors` that are no plain data.

import type { Application } from "./application.ts";
import { headerOf } from "./request.ts";

type Answer = (error: Error | null, value?: unknown) => void;

/** The forms, by the name that the case gives as its parameter. */
const forms = {
  "a function of the request": (request: object, answer: Answer) =>
    answer(null, { origin: headerOf(request, "x-allow") ?? false }),
  "origin as a function": {
    origin: (origin: string | undefined, answer: Answer) =>
      answer(null, origin?.endsWith(".example") === true),
  },
  "origin as an expression": { origin: /\.example$/ },
  "origin as a list": { origin: ["http://here.example", /^http:\/\/localhost(:\d+)?$/] },
} as const;

export const cors: Application = {
  options: ({ parameters }) => ({ cors: forms[parameters as keyof typeof forms] }),
};
