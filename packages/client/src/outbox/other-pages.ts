// What pages that share a store say to each other: an event has been stored, or is settled. Knows nothing of the store.
// Without BroadcastChannel nothing is said; then a page finds out when it reads the store.

/** What is said. `answer` and `code` are for the page that emitted the event. */
export type PageMessage =
  | { readonly kind: "stored" }
  | { readonly kind: "answered"; readonly id: string; readonly answer: readonly unknown[] }
  | { readonly kind: "failed"; readonly id: string; readonly code: unknown; readonly text: string }
  | { readonly kind: "cleared" };

interface Channel {
  onmessage: ((event: { data: PageMessage }) => void) | null;
  postMessage(message: PageMessage): void;
  unref?(): void;
}

/** Speaks to the other pages that use the same store. */
export type Say = (message: PageMessage) => void;

/** Joins the pages of that store. */
export function joinPages(key: string, onMessage: (message: PageMessage) => void): Say {
  const { BroadcastChannel } = globalThis as { BroadcastChannel?: new (name: string) => Channel };
  if (!BroadcastChannel) return () => {};
  const channel = new BroadcastChannel(key);
  // In Node it would keep the process alive.
  channel.unref?.();
  channel.onmessage = ({ data }) => onMessage(data);
  return (message) => channel.postMessage(message);
}
