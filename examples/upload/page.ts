// The page: a place for files, and a line for each.

import { io, type Socket } from "@sockeye/client";
import { element, showConnection } from "../site/connection.ts";
import type { ClientToServer, ServerToClient } from "./events.ts";
import { type Progress, Upload } from "./upload.ts";

const socket: Socket<ServerToClient, ClientToServer> = io();
const input = element("#files", HTMLInputElement);
const drop = element(".drop", HTMLElement);
const list = element("#list", HTMLUListElement);

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

function wordsOf(progress: Progress, size: number): string {
  switch (progress.state) {
    case "done":
      return `Stored · SHA-256 ${progress.sha256.slice(0, 12)}…`;
    case "failed":
      return `Failed: ${progress.problem}`;
    case "sending":
      return `${sizeOf(progress.sent)} of ${sizeOf(size)}`;
    case "paused":
      return `Paused at ${sizeOf(progress.sent)} of ${sizeOf(size)}`;
    case "waiting":
      return `Waits for the connection at ${sizeOf(progress.sent)}`;
  }
}

function add(file: File): void {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("b"), { textContent: file.name });
  const words = Object.assign(document.createElement("p"), { className: "soft figure" });
  const bar = Object.assign(document.createElement("progress"), { max: Math.max(1, file.size) });
  bar.setAttribute("aria-label", `Progress of ${file.name}`);
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button is-quiet",
    textContent: "Pause",
  });
  button.setAttribute("aria-label", `Pause ${file.name}`);
  item.append(name, button, bar, words);
  list.prepend(item);
  element("#none", HTMLElement).hidden = true;

  let isPaused = false;
  const upload = new Upload(socket, file, (progress) => {
    words.textContent = wordsOf(progress, file.size);
    item.dataset["state"] = progress.state;
    bar.value = "sent" in progress ? progress.sent : bar.max;
    button.hidden = progress.state === "done" || progress.state === "failed";
  });
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = isPaused ? "Continue" : "Pause";
    button.setAttribute("aria-label", `${button.textContent} ${file.name}`);
    upload.pause(isPaused);
  });
}

const addAll = (files: FileList | null | undefined): void => [...(files ?? [])].forEach(add);

showConnection(socket);
input.addEventListener("change", () => {
  addAll(input.files);
  input.value = "";
});
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("is-over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("is-over");
  addAll(event.dataTransfer?.files);
});
