import { subscribe } from "node:diagnostics_channel";

subscribe("sockeye:engine:requestRefused", (message) => {
  const { refusal } = message as { refusal: { code: number; message: string } };
  console.warn(refusal.code, refusal.message);
});
