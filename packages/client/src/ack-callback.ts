// The callback of an acknowledgement.

/** Called with an error, or with `null` and the arguments of the acknowledgement. */
// biome-ignore lint/suspicious/noExplicitAny: the answer is the user's; `unknown` would refuse every declared one.
export type AckCallback = (error: Error | null, ...answer: any[]) => void;

/** Adapts a callback that takes no error in front: when there is an error, it is not called. */
export function withoutError(callback: (...answer: never[]) => void): AckCallback {
  return (error, ...answer) => {
    if (!error) callback(...(answer as never[]));
  };
}
