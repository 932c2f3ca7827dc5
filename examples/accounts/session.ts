// Who one is, as the page knows it: over HTTP, with a cookie that it cannot read.

import type { Pass } from "./events.ts";

/** Asks the server; the problem is in words for people. */
async function ask(path: string, body?: object): Promise<Pass> {
  const init: RequestInit =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        };
  const response = await fetch(path, init);
  const answer = (await response.json()) as Partial<Pass> & { problem?: string };
  if (!response.ok) throw new Error(answer.problem);
  return answer as Pass;
}

export const logIn = (name: string, password: string): Promise<Pass> =>
  ask("/session", { name, password });
export const register = (name: string, password: string): Promise<Pass> =>
  ask("/account", { name, password });
/** A new token, while the session lasts. */
export const renew = (): Promise<Pass> => ask("/token");

export async function logOut(): Promise<void> {
  await ask("/logout", {});
}
