// The effects of a connection's transitions on an attempt to upgrade it, each with its report.

import type { ConnectionContext } from "./connection-context.ts";
import * as reports from "./connection-reports.ts";
import type { Effect } from "./connection-state.ts";
import type { ConnectionView } from "./diagnostics.ts";

/** An effect on an attempt. */
type AttemptEffect = Extract<Effect, { kind: "begin-attempt" | "refuse-attempt" | "drop-attempt" }>;

/** Carries out an effect on an attempt. */
export function performOnAttempt(
  { attempt, kind }: AttemptEffect,
  connection: ConnectionView,
  context: ConnectionContext,
): void {
  switch (kind) {
    case "begin-attempt":
      reports.trial(connection, context.points, attempt);
      attempt.start(context.upgradeTimeout);
      return;
    case "refuse-attempt":
      reports.refused(connection, context.points, attempt);
      attempt.drop();
      return;
    case "drop-attempt":
      attempt.drop();
      reports.dropped(connection, context, attempt);
      return;
  }
}
