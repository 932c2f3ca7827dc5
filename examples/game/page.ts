// The page: draws what the server says, and says where one wants to swim.

import { io, type Socket } from "@sockeye/client";
import { element, showConnection } from "../site/connection.ts";
import { Moments } from "./between.ts";
import { draw, sharpen } from "./drawing.ts";
import {
  type ClientToServer,
  type Fish,
  HEIGHT,
  type ServerToClient,
  WIDTH,
  type Wish,
} from "./events.ts";

const DIRECTIONS: Readonly<Record<string, Wish>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const socket: Socket<ServerToClient, ClientToServer> = io();
const canvas = element("#river", HTMLCanvasElement);
const score = element("#score", HTMLOListElement);
const moments = new Moments();
const pressed = new Set<string>();
let scoreText = "";

// Worth nothing later: dropped while there is no connection.
const wish = (to: Wish): unknown => socket.volatile.emit("wish", to);

function wishByKeys(): void {
  const keys = [...pressed].map((key) => DIRECTIONS[key] ?? { x: 0, y: 0 });
  wish({ x: sum(keys.map(({ x }) => x)), y: sum(keys.map(({ y }) => y)) });
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

function showScore(fish: readonly Fish[]): void {
  const lines = [...fish]
    .sort((one, other) => other.score - one.score)
    .map(({ id, name, score: points }) => `${name}${id === socket.id ? " (you)" : ""}: ${points}`);
  if (lines.join() === scoreText) return;
  scoreText = lines.join();
  score.replaceChildren(
    ...lines.map((textContent) => Object.assign(document.createElement("li"), { textContent })),
  );
}

function swimTo({ clientX, clientY }: PointerEvent): void {
  const { left, top, width } = canvas.getBoundingClientRect();
  const me = moments.at(performance.now())?.fish.find(({ id }) => id === socket.id);
  if (me === undefined) return;
  const scale = WIDTH / width;
  wish({ x: (clientX - left) * scale - me.x, y: (clientY - top) * scale - me.y });
}

showConnection(socket);
socket.on("connect", () => moments.clear());
socket.on("state", (state) => {
  moments.add(state, performance.now());
  showScore(state.fish);
  const me = state.fish.find(({ id }) => id === socket.id);
  if (me !== undefined) canvas.dataset["at"] = `${me.x} ${me.y}`;
});

canvas.addEventListener("keydown", (event) => {
  if (!(event.key in DIRECTIONS)) return;
  event.preventDefault();
  if (event.repeat) return;
  pressed.add(event.key);
  wishByKeys();
});
canvas.addEventListener("keyup", (event) => {
  if (pressed.delete(event.key)) wishByKeys();
});
canvas.addEventListener("blur", () => {
  pressed.clear();
  wishByKeys();
});
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  swimTo(event);
});
canvas.addEventListener("pointermove", (event) => {
  if (canvas.hasPointerCapture(event.pointerId)) swimTo(event);
});
canvas.addEventListener("pointerup", () => wish({ x: 0, y: 0 }));

new ResizeObserver(() => sharpen(canvas)).observe(canvas);
canvas.style.aspectRatio = `${WIDTH} / ${HEIGHT}`;
requestAnimationFrame(function frame(now) {
  const state = moments.at(now);
  if (state !== undefined) draw(canvas, state, socket.id);
  requestAnimationFrame(frame);
});
canvas.focus();
