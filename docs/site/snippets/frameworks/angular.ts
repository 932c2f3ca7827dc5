import { DestroyRef, Injectable, inject, signal } from "@angular/core";
import { socket } from "./socket.ts";

@Injectable({ providedIn: "root" })
export class Chat {
  readonly lines = signal<readonly string[]>([]);
  readonly isOpen = signal(false);

  constructor() {
    const add = (text: string) => this.lines.update((all) => [...all, text]);
    socket.on("said", add);
    const stop = socket.onStatus(({ state }) => this.isOpen.set(state === "open"));
    socket.connect();
    inject(DestroyRef).onDestroy(() => {
      socket.off("said", add);
      stop();
    });
  }

  say(text: string): void {
    socket.emit("say", text);
  }
}
