import { type ReactNode, useState } from "react";
import { useEmit, useEvent, useStatus } from "./socket.ts";

export function Chat(): ReactNode {
  const [lines, setLines] = useState<{ key: number; text: string }[]>([]);
  const [heardBy, setHeardBy] = useState(0);
  const { state } = useStatus();
  const emit = useEmit({ timeout: 5000 });

  useEvent("said", (text) => {
    setLines((all) => [...all, { key: all.length, text }]);
  });

  const say = async () => {
    setHeardBy(await emit.withAck("say", "hello"));
  };

  return (
    <>
      <p role="status">{state === "open" ? `Heard by ${heardBy}` : "No connection"}</p>
      <button type="button" disabled={state !== "open"} onClick={() => void say()}>
        Say hello
      </button>
      <ul>
        {lines.map(({ key, text }) => (
          <li key={key}>{text}</li>
        ))}
      </ul>
    </>
  );
}
