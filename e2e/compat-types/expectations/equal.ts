// Whether two types are the same, for the expectations beside this file.

/** `true` only for types that are the same, not merely assignable to each other. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Whether a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Does not compile unless its type argument is `true`. */
export function is<_Truth extends true>(): void {}
