import { type Readable, readable } from "svelte/store";
import { socket } from "./socket.ts";

/** In a component: `{#each $lines as line}`. Listens while a component uses it. */
export const lines: Readable<string[]> = readable<string[]>([], (_set, update) => {
  const add = (text: string) => update((all) => [...all, text]);
  socket.on("said", add);
  socket.connect();
  return () => {
    socket.off("said", add);
  };
});

/** `{#if !$isOpen}No connection{/if}` */
export const isOpen: Readable<boolean> = readable(false, (set) =>
  socket.onStatus(({ state }) => set(state === "open")),
);
