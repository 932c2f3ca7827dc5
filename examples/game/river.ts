// The rules: how fish swim, what they eat, how a moment follows from the one before. Knows no network and no time.

import { type Fish, type Food, HEIGHT, type State, WIDTH, type Wish } from "./events.ts";

const SPEED = 14;
const REACH = 64;
const DRIFT = 3;
const FOOD = 24;
const NAMES = ["Char", "Dace", "Grayling", "Perch", "Pike", "Roach", "Smelt", "Tench", "Trout"];

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
const finite = (value: unknown): number => (Number.isFinite(value) ? Number(value) : 0);

export class River {
  readonly #random: () => number;
  readonly #fish = new Map<string, Fish>();
  readonly #wishes = new Map<string, Wish>();
  #food: Food[] = [];
  #tick = 0;
  #count = 0;
  #nextFood = 1;

  /** @param random from 0 to 1, as `Math.random` */
  constructor(random: () => number) {
    this.#random = random;
  }

  join(id: string): void {
    const name = NAMES[this.#count % NAMES.length] ?? "Fish";
    const hue = Math.round((this.#count * 137.5) % 360);
    this.#count += 1;
    this.#fish.set(id, { id, name, hue, x: 200, y: HEIGHT / 2, angle: 0, score: 0 });
  }

  leave(id: string): void {
    this.#fish.delete(id);
    this.#wishes.delete(id);
  }

  /** Clients send what they like: a direction has length 1, whatever was asked for. */
  wish(id: string, wish: Partial<Wish> | null | undefined): void {
    const [x, y] = [finite(wish?.x), finite(wish?.y)];
    const length = Math.max(1, Math.hypot(x, y));
    if (this.#fish.has(id)) this.#wishes.set(id, { x: x / length, y: y / length });
  }

  /** The next moment. */
  step(): State {
    this.#tick += 1;
    for (const fish of this.#fish.values()) this.#fish.set(fish.id, this.#swum(fish));
    this.#food = this.#food
      .map((food) => ({ ...food, x: food.x - DRIFT }))
      .filter((food) => food.x > 0 && !this.#isEaten(food));
    while (this.#food.length < FOOD) this.#food.push(this.#newFood());
    return { tick: this.#tick, fish: [...this.#fish.values()], food: this.#food };
  }

  #swum(fish: Fish): Fish {
    const { x, y } = this.#wishes.get(fish.id) ?? { x: 0, y: 0 };
    const isResting = x === 0 && y === 0;
    return {
      ...fish,
      x: Math.round(within(fish.x + x * SPEED, WIDTH)),
      y: Math.round(within(fish.y + y * SPEED, HEIGHT)),
      angle: isResting ? fish.angle : Math.atan2(y, x),
    };
  }

  #isEaten(food: Food): boolean {
    const eater = [...this.#fish.values()].find(
      ({ x, y }) => Math.hypot(x - food.x, y - food.y) < REACH,
    );
    if (eater === undefined) return false;
    this.#fish.set(eater.id, { ...eater, score: eater.score + 1 });
    return true;
  }

  #newFood(): Food {
    const food = {
      id: this.#nextFood,
      x: Math.round(WIDTH * (0.25 + 0.75 * this.#random())),
      y: Math.round(this.#random() * HEIGHT),
    };
    this.#nextFood += 1;
    return food;
  }
}
