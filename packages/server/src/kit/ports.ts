// Ports as things to listen on.

import { describe } from "@sockeye/portable";
import { serverError } from "../errors.ts";

/** Whether a value is meant as a port: a number, or text. */
export function isPort(value: unknown): value is number | string {
  return typeof value === "number" || typeof value === "string";
}

/** @throws Error `ERR_LISTEN_PORT` when it is no integer */
export function checkPort(port: number | string): void {
  if (!Number.isInteger(Number(port))) throw serverError("ERR_LISTEN_PORT", describe(port));
}
