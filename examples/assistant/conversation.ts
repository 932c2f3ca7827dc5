// What a page knows of a conversation, and how events change it. Pure, so that a reducer of React can be made of it.

import type { Turn } from "./events.ts";

/** What the server has said, and questions that it has not confirmed yet. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly waiting: readonly Turn[];
  /** Whether a piece was missed: the page asks for everything again. */
  readonly hasGap: boolean;
}

/** What happens. */
export type Change =
  | { readonly kind: "conversation"; readonly turns: readonly Turn[] }
  | { readonly kind: "turn"; readonly turn: Turn }
  | { readonly kind: "piece"; readonly id: string; readonly at: number; readonly text: string }
  | { readonly kind: "done"; readonly id: string }
  | { readonly kind: "asked"; readonly questions: readonly Turn[] };

export const EMPTY: Conversation = { turns: [], waiting: [], hasGap: false };

const isKnown = (turns: readonly Turn[], id: string): boolean =>
  turns.some((turn) => turn.id === id);

function withTurns(state: Conversation, turns: readonly Turn[]): Conversation {
  return { ...state, turns, waiting: state.waiting.filter(({ id }) => !isKnown(turns, id)) };
}

function withTurn(state: Conversation, id: string, change: (turn: Turn) => Turn): Conversation {
  return { ...state, turns: state.turns.map((turn) => (turn.id === id ? change(turn) : turn)) };
}

/** The conversation after a change. */
export function changed(state: Conversation, change: Change): Conversation {
  switch (change.kind) {
    case "conversation":
      return { ...withTurns(state, change.turns), hasGap: false };
    case "turn":
      return isKnown(state.turns, change.turn.id)
        ? state
        : withTurns(state, [...state.turns, change.turn]);
    case "piece": {
      const { id, at, text } = change;
      const known = state.turns.find((turn) => turn.id === id);
      if (known === undefined || known.text.length < at) return { ...state, hasGap: true };
      // A piece that came before, with the whole conversation.
      if (known.text.length > at) return state;
      return withTurn(state, id, (turn) => ({ ...turn, text: turn.text + text }));
    }
    case "done":
      return withTurn(state, change.id, (turn) => ({ ...turn, isGrowing: false }));
    case "asked": {
      const fresh = change.questions.filter(
        ({ id }) => !isKnown(state.turns, id) && !isKnown(state.waiting, id),
      );
      return { ...state, waiting: [...state.waiting, ...fresh] };
    }
  }
}
