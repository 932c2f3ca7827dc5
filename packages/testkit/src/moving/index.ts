// Conversations in which connections are taken down and set up again.

export { conversationOf } from "./conversation.ts";
export { compare, faults, type Outcome, shortened, simulate } from "./simulation.ts";
export type { Conversation, Step } from "./steps.ts";
export type { Fault } from "./world.ts";
