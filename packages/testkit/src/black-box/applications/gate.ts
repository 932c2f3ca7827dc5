// `allowRequest`, with a verdict that the case chooses.

import type { Application } from "./application.ts";
import { pathOf } from "./request.ts";

/** How the gate decides. `later` takes a microtask. */
type Verdict = "yes" | "no" | "why" | "later yes" | "later why" | "twice";

type Decide = (error: string | null, allowed: boolean) => void;

const verdicts: Readonly<Record<Verdict, (decide: Decide) => unknown>> = {
  yes: (decide) => decide(null, true),
  no: (decide) => decide(null, false),
  why: (decide) => decide("closed on Sundays", false),
  "later yes": (decide) => Promise.resolve().then(() => decide(null, true)),
  "later why": (decide) => Promise.resolve().then(() => decide("closed on Sundays", false)),
  twice(decide) {
    decide(null, false);
    decide(null, true);
  },
};

export const gate: Application = {
  options: ({ parameters, report }) => ({
    allowRequest(request: object, decide: Decide) {
      report("server", "asked", [pathOf(request)]);
      return verdicts[parameters as Verdict](decide);
    },
  }),
};
