// What is called with the answer to an event.

/** Called with an error, or with `null` and the answer. */
// biome-ignore lint/suspicious/noExplicitAny: the answer is the user's; `unknown` would refuse every declared one.
export type AckCallback = (error: Error | null, ...answer: any[]) => void;

/** For a callback that takes the answer alone: it is not called at all when there is an error. */
export function withoutError(callback: (...answer: never[]) => void): AckCallback {
  return (error, ...answer) => {
    if (!error) callback(...(answer as never[]));
  };
}
