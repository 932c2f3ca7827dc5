import { useEffect, useState, useSyncExternalStore } from "react";
import { socket } from "./socket.ts";

const subscribe = (onChange: () => void) => socket.onStatus(onChange);
const isOpen = () => socket.status.state === "open";

export function Chat() {
  const [lines, setLines] = useState<{ key: number; text: string }[]>([]);
  const open = useSyncExternalStore(subscribe, isOpen, () => false);

  useEffect(() => {
    const add = (text: string) => {
      setLines((all) => [...all, { key: all.length, text }]);
    };
    socket.on("said", add);
    socket.connect();
    return () => {
      socket.off("said", add);
    };
  }, []);

  return (
    <>
      {!open && <p role="status">No connection</p>}
      <ul>
        {lines.map(({ key, text }) => (
          <li key={key}>{text}</li>
        ))}
      </ul>
      <button type="button" onClick={() => socket.emit("say", "hello")}>
        Say hello
      </button>
    </>
  );
}
