// Draws one moment of the game.

import { type Fish, HEIGHT, type State, WIDTH } from "./events.ts";

/** Makes the canvas as fine as the screen. */
export function sharpen(canvas: HTMLCanvasElement): void {
  const { width } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round((canvas.width * HEIGHT) / WIDTH);
}

/** @param me the id of one's own fish, which has a ring */
export function draw(canvas: HTMLCanvasElement, state: State, me: string | undefined): void {
  const brush = canvas.getContext("2d");
  if (brush === null) return;
  const style = getComputedStyle(canvas);
  brush.setTransform(canvas.width / WIDTH, 0, 0, canvas.height / HEIGHT, 0, 0);
  brush.fillStyle = style.backgroundColor;
  brush.fillRect(0, 0, WIDTH, HEIGHT);
  brush.fillStyle = style.borderTopColor;
  for (const { x, y } of state.food) disc(brush, { x, y, radius: 11 });
  for (const fish of state.fish) drawFish(brush, fish);
  const mine = state.fish.find(({ id }) => id === me);
  if (mine === undefined) return;
  brush.strokeStyle = style.color;
  brush.lineWidth = 4;
  brush.beginPath();
  brush.arc(mine.x, mine.y, 62, 0, Math.PI * 2);
  brush.stroke();
}

function disc(brush: CanvasRenderingContext2D, at: { x: number; y: number; radius: number }): void {
  brush.beginPath();
  brush.arc(at.x, at.y, at.radius, 0, Math.PI * 2);
  brush.fill();
}

function drawFish(brush: CanvasRenderingContext2D, { angle, hue, x, y }: Fish): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(angle);
  brush.fillStyle = `oklch(68% 0.16 ${hue})`;
  brush.beginPath();
  brush.ellipse(0, 0, 44, 24, 0, 0, Math.PI * 2);
  brush.fill();
  brush.beginPath();
  brush.moveTo(-34, 0);
  brush.lineTo(-66, -22);
  brush.lineTo(-66, 22);
  brush.fill();
  brush.fillStyle = "#fff";
  disc(brush, { x: 24, y: -7, radius: 7 });
  brush.fillStyle = "#10222a";
  disc(brush, { x: 26, y: -7, radius: 3.5 });
  brush.restore();
}
