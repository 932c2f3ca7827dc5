// Shows how the connection is: a small label at the top, and a line of explanation above the
// message box while the server cannot be reached.

import type { ConnectionReport } from "./connection.ts";
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

  show(report: ConnectionReport): void {
    const { status } = report;
    this.#label.dataset.state = status.state;
    this.#label.dataset.transport = status.state === "open" ? status.transport : "none";
    this.#label.classList.toggle("is-offline", isCutOff(report));
    // Only touched when it says something new: the state is announced, the figure is not.
    setText(this.#state, labelOf(report));
    setText(this.#figure, figureOf(report));
    setText(this.#bannerText, explanationOf(report));
    this.#banner.hidden = explanationOf(report) === "";
    this.#retry.hidden = status.state !== "closed";
  }
}

/** Whether the device has no network, and that is why it waits. */
function isCutOff({ isOffline, status }: ConnectionReport): boolean {
  return isOffline && (status.state === "waiting" || status.state === "connecting");
}

function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function labelOf(report: ConnectionReport): string {
  const { status } = report;
  if (isCutOff(report)) return "Offline";
  switch (status.state) {
    case "idle":
      return "Not connected";
    case "connecting":
      return status.attempt === 0 ? "Connecting" : "Reconnecting";
    case "open":
      return transportLabel(status.transport);
    case "waiting":
      return "Reconnecting";
    case "closed":
      return "Disconnected";
  }
}

function transportLabel(transport: string): string {
  if (transport === "websocket") return "WebSocket";
  return transport === "polling" ? "Polling" : transport;
}

function figureOf({ latencyMs, status }: ConnectionReport): string {
  switch (status.state) {
    case "connecting":
    case "waiting":
      return status.attempt > 0 ? `try ${status.attempt}` : "";
    case "open":
      return latencyMs === undefined ? "" : `${latencyMs} ms`;
    default:
      return "";
  }
}

function explanationOf(report: ConnectionReport): string {
  const { status } = report;
  if (isCutOff(report)) {
    return "This device is offline. What you write now is sent as soon as it is back.";
  }
  if (status.state === "closed") return reasonOf(status.reason);
  const isAway = "attempt" in status && status.attempt > 0;
  return isAway
    ? "The server is out of reach. What you write now is sent as soon as it is back."
    : "";
}

/** In words for people: what the server gives as its reason for a refusal is that already. */
function reasonOf(reason: string): string {
  return reason === "io server disconnect" ? "The server said goodbye." : reason;
}
