// The rules of the game, moment by moment.

import { expect, test } from "vitest";
import { HEIGHT, WIDTH } from "./events.ts";
import { River } from "./river.ts";

/** All food in one place, which is where it is told to be. */
const riverWithFoodAt = (part: number): River => new River(() => part);

test("a fish swims where it wishes, as fast as every other, and stays in the river", () => {
  const river = riverWithFoodAt(0);
  river.join("a");
  river.wish("a", { x: 1e9, y: 0 });
  expect(river.step().fish[0]).toMatchObject({ x: 214, y: HEIGHT / 2, angle: 0 });
  for (let step = 0; step < 200; step += 1) river.step();
  expect(river.step().fish[0]?.x).toBe(WIDTH);
  river.wish("a", { x: 0, y: 0 });
  expect(river.step().fish[0]).toMatchObject({ x: WIDTH, angle: 0 });
});

test.each([[null], [undefined], [{}], [{ x: "1", y: Number.NaN }], [{ x: Infinity, y: 0 }]])(
  "a wish of %j moves nothing",
  (wish) => {
    const river = riverWithFoodAt(0);
    river.join("a");
    river.wish("a", wish as never);
    river.wish("nobody", { x: 1, y: 0 });
    expect(river.step().fish).toMatchObject([{ x: 200, y: HEIGHT / 2 }]);
  },
);

test("food is eaten once, counts for its eater, and comes anew", () => {
  const river = riverWithFoodAt(0.5);
  river.join("a");
  river.join("b");
  river.wish("a", { x: 1, y: 0 });
  const states = Array.from({ length: 70 }, () => river.step());
  const last = states.at(-1);
  const eaten = new Set(states.flatMap(({ food }) => food.map(({ id }) => id))).size - 24;
  expect(last?.fish.find(({ id }) => id === "a")?.score).toBe(eaten);
  expect(eaten).toBeGreaterThan(0);
  expect(last?.food).toHaveLength(24);
});
