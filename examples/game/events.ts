// The events between page and server. Positions are in units of the river, which is 1600 by 900 on every screen.

export const WIDTH = 1600;
export const HEIGHT = 900;
/** Milliseconds between two states of the game. */
export const TICK_MS = 50;

export interface Fish {
  readonly id: string;
  readonly name: string;
  /** The colour, as an angle. */
  readonly hue: number;
  readonly x: number;
  readonly y: number;
  /** Where it swims to, in radians. */
  readonly angle: number;
  readonly score: number;
}

export interface Food {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** The game at one moment. */
export interface State {
  /** Counts states: a late one is older than one that is known. */
  readonly tick: number;
  readonly fish: readonly Fish[];
  readonly food: readonly Food[];
}

/** The direction in which a player wants to swim; both 0 for none. */
export interface Wish {
  readonly x: number;
  readonly y: number;
}

export interface ServerToClient {
  state: (state: State) => void;
}

export interface ClientToServer {
  wish: (wish: Wish) => void;
}
