// Checks the answers to what one socket emits: its callbacks and promises get what the contract declares, or a refusal.

import { type Answer, checkAnswer, type EventChecks, isPending, settled } from "./check.ts";
import type { EventContract } from "./contract.ts";

/** The part of a socket through which it asks. */
interface AskingSocket {
  emit(event: string, ...args: unknown[]): unknown;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
}

/** Wraps a callback. After `timeout()` an error comes first; the answer is the last argument. */
function checkedCallback(
  event: string,
  contract: EventContract,
  callback: (...args: unknown[]) => void,
): (...args: unknown[]) => void {
  return (...args) => {
    const last = args.length - 1;
    if (args[0] instanceof Error || last > 1) {
      callback(...args);
      return;
    }
    const answer = checkAnswer(event, contract, args[last]);
    const tell = (checked: Answer): void => callback(...args.slice(0, last), settled(checked));
    if (isPending(answer)) void answer.then(tell);
    else tell(answer);
  };
}

/** Puts checks between the answers to a socket's events and whoever asked. */
export function checkAnswers(socket: unknown, checks: EventChecks): void {
  const asking = socket as AskingSocket;
  const { emit, emitWithAck } = asking;
  asking.emit = (event, ...args) => {
    const contract = checks.of(event);
    const callback = args.at(-1);
    if (contract?.ack !== undefined && typeof callback === "function") {
      args[args.length - 1] = checkedCallback(event, contract, callback as () => void);
    }
    return emit.call(asking, event, ...args);
  };
  asking.emitWithAck = async (event, ...args) => {
    const answer = await emitWithAck.call(asking, event, ...args);
    const contract = checks.of(event);
    return contract === undefined ? answer : settled(await checkAnswer(event, contract, answer));
  };
}
