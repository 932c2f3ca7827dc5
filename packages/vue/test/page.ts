// A page without a browser, for the length of a test file: Vue asks for it when it is loaded, so Vue is loaded after it.

import { Window } from "happy-dom";

const NAMES = [
  "window",
  "document",
  "navigator",
  "HTMLElement",
  "HTMLIFrameElement",
  "Node",
  "Element",
  "MathMLElement",
  "Event",
  "SVGElement",
];

/** Gives this process a page; the returned function takes it away again, because test files share the process. */
export function openPage(): () => Promise<void> {
  const window = new Window({ url: "http://localhost/" });
  const before = new Map(
    NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
  );
  for (const name of NAMES) {
    const value: unknown = name === "window" ? window : Reflect.get(window, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return async () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, descriptor);
    }
    await window.happyDOM.close();
  };
}
