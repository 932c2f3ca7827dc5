// Shows how the connection is: a small label at the top, and a line of explanation above the
// message box while the server cannot be reached.

import type { ConnectionState } from "./connection.ts";
import { byId } from "./element.ts";

/** The label and the explanation. */
export class ConnectionView {
  readonly #label: HTMLElement = byId("connection", HTMLElement);
  readonly #state: HTMLElement = byId("connection-state", HTMLElement);
  readonly #figure: HTMLElement = byId("connection-figure", HTMLElement);
  readonly #banner: HTMLElement = byId("banner", HTMLElement);
  readonly #bannerText: HTMLElement = byId("banner-text", HTMLElement);
  readonly #retry: HTMLButtonElement = byId("banner-retry", HTMLButtonElement);

  /** @param onRetry The person wants to try again after the connection was closed for good. */
  onRetry(onRetry: () => void): void {
    this.#retry.addEventListener("click", onRetry);
  }

  show(state: ConnectionState): void {
    const transport = state.kind === "online" ? state.transport : "none";
    this.#label.dataset.kind = state.kind;
    this.#label.dataset.transport = transport;
    // Only touched when it says something new: the state is announced, the figure is not.
    setText(this.#state, labelOf(state));
    setText(this.#figure, figureOf(state));
    setText(this.#bannerText, explanationOf(state));
    this.#banner.hidden = explanationOf(state) === "";
    this.#retry.hidden = state.kind !== "closed";
  }
}

function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function labelOf(state: ConnectionState): string {
  switch (state.kind) {
    case "connecting":
      return "Connecting";
    case "online":
      return transportLabel(state.transport);
    case "reconnecting":
      return "Reconnecting";
    case "offline":
      return "Offline";
    case "closed":
      return "Disconnected";
  }
}

function transportLabel(transport: string): string {
  if (transport === "websocket") return "WebSocket";
  return transport === "polling" ? "Polling" : transport;
}

function figureOf(state: ConnectionState): string {
  if (state.kind === "reconnecting" && state.attempt > 0) return `try ${state.attempt}`;
  if (state.kind !== "online" || state.latencyMs === undefined) return "";
  return `${state.latencyMs} ms`;
}

function explanationOf(state: ConnectionState): string {
  switch (state.kind) {
    case "connecting":
    case "online":
      return "";
    case "reconnecting":
      return "The server is out of reach. What you write now is sent as soon as it is back.";
    case "offline":
      return "This device is offline. What you write now is sent as soon as it is back.";
    case "closed":
      return state.reason;
  }
}
