// Errors as applications see them.

export const nothing = (): void => {};

/** An error with more members. */
export function failure(message: string, details?: object): Error {
  return Object.assign(new Error(message), details);
}
