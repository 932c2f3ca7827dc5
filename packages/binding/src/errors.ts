// The table of errors of the bindings.

import { type CodedError, type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const BINDING_ERRORS = {
  /** Thrown by the functions of a binding: no provider or plugin stands above the component. */
  ERR_NO_PROVIDER: (name: string) =>
    `${name} needs a socket above the component: nothing provides one`,
  /** Thrown by `emit`: there is no socket before components are mounted, nor on a server that renders. */
  ERR_NO_SOCKET: (event: string) =>
    `"${event}" cannot be emitted while rendering: there is no socket before the component is mounted`,
} as const;

/** The codes of the errors of bindings. */
export type BindingErrorCode = keyof typeof BINDING_ERRORS;

/** An error of a binding. */
export type BindingError = CodedError<BindingErrorCode>;

/** Creates an error of a binding; the values fill in its message. */
export const bindingError: ErrorFactory<typeof BINDING_ERRORS> = errorFactory(BINDING_ERRORS);
