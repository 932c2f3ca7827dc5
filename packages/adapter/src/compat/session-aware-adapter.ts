// The in-memory adapter with recovery for classes that extend Socket.IO's: constructed with a namespace alone, whose
// server's options have the limits.

import { Deadlines } from "@sockeye/portable";
import type { AdapterNamespace, AdapterSocket } from "../contract.ts";
import { RecoveryBudget, type RecoveryLimits } from "../recovery/budget.ts";
import { SessionAwareAdapter as Kept, type RecoverySettings } from "../session-aware-adapter.ts";
import { randomId } from "./messages.ts";

/** What recovery options have once they are resolved. */
interface Recovery extends Omit<RecoveryLimits, "maxAge"> {
  readonly maxDisconnectionDuration: number;
}

interface Server {
  readonly opts?: { readonly connectionStateRecovery?: Recovery | undefined };
}

const EPOCH_LENGTH = 6;
const DEFAULTS: RecoveryLimits = {
  maxAge: 120_000,
  maxPackets: 100_000,
  maxBytes: 2 ** 26,
  maxSessions: 100_000,
};

/** The namespaces of a server share its limits. */
const budgets = new WeakMap<object, RecoveryBudget>();

function settingsFor(nsp: AdapterNamespace & { readonly server?: Server }): RecoverySettings {
  const { clock, server = {} } = nsp;
  let budget = budgets.get(server);
  if (budget === undefined) {
    const { maxDisconnectionDuration: maxAge = DEFAULTS.maxAge, ...limits } =
      server.opts?.connectionStateRecovery ?? {};
    budget = new RecoveryBudget({ ...DEFAULTS, ...limits, maxAge }, new Deadlines(clock), clock);
    budgets.set(server, budget);
  }
  return { budget, epoch: randomId().slice(0, EPOCH_LENGTH) };
}

/** Keeps packets and sessions in memory, within the limits of `connectionStateRecovery`. */
export class SessionAwareAdapter<S extends AdapterSocket = AdapterSocket> extends Kept<S> {
  constructor(nsp: AdapterNamespace<S>) {
    super(nsp, settingsFor(nsp as AdapterNamespace));
  }
}
