// Checks the answers of clients to broadcasts: whoever asked a room gets what the contract declares of each client, or a refusal
// in the place of its answer. It stands in the adapter's `broadcastWithAck`, through which a broadcast of either library asks,
// on the server that asks: what clients of other servers answer arrives there too.

import { type Answer, checkAnswer, type EventChecks, isPending, settled } from "./check.ts";

type Ask = [
  packet: { readonly data?: unknown },
  options: unknown,
  onClientCount: unknown,
  onAnswer: (...answer: unknown[]) => void,
];

/** The part of a namespace's adapter that is used; the same in Socket.IO and in ours. */
interface AskingAdapter {
  broadcastWithAck?(...call: Ask): unknown;
}

/** Adapters that check already: all sockets of a namespace share one. */
const checking = new WeakMap<AskingAdapter, Set<EventChecks>>();

/** Checks the answers to what is broadcast in the namespace of a socket, from now on. */
export function checkBroadcastAnswers(socket: unknown, checks: EventChecks): void {
  const adapter = (socket as { nsp?: { adapter?: AskingAdapter } }).nsp?.adapter;
  const ask = adapter?.broadcastWithAck;
  if (adapter === undefined || ask === undefined) return;
  const installed = checking.get(adapter) ?? new Set();
  if (installed.has(checks)) return;
  checking.set(adapter, installed.add(checks));
  adapter.broadcastWithAck = (...call) => {
    const [{ data }, , , onAnswer] = call;
    const event: unknown = Array.isArray(data) ? data[0] : undefined;
    const contract = checks.of(event);
    if (contract?.ack !== undefined) {
      const tell = (answer: Answer): void => onAnswer(settled(answer));
      call[3] = (answer) => {
        const checked = checkAnswer(event as string, contract, answer);
        if (isPending(checked)) void checked.then(tell);
        else tell(checked);
      };
    }
    return ask.apply(adapter, call);
  };
}
