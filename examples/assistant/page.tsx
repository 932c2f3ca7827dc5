// The page: the conversation, and where one asks.

import {
  type FormEvent,
  type ReactNode,
  StrictMode,
  useEffect,
  useReducer,
  useRef,
  useState,
} from "react";
import { createRoot } from "react-dom/client";
import { wordsOf } from "../site/connection.ts";
import { type Change, type Conversation, changed, EMPTY } from "./conversation.ts";
import type { Turn } from "./events.ts";
import {
  connect,
  SocketProvider,
  turnOf,
  useEmit,
  useEvent,
  useSocket,
  useStatus,
} from "./socket.ts";

function App(): ReactNode {
  const [conversation, change] = useReducer(changed, EMPTY);
  const create = () => connect((questions) => change({ kind: "asked", questions }));
  return (
    <SocketProvider create={create}>
      <Assistant conversation={conversation} change={change} />
    </SocketProvider>
  );
}

function Assistant(props: {
  conversation: Conversation;
  change: (change: Change) => void;
}): ReactNode {
  const { change, conversation } = props;
  const { turns, waiting, hasGap } = conversation;
  const status = useStatus();
  const socket = useSocket();
  const emit = useEmit();

  useEvent("conversation", (all) => change({ kind: "conversation", turns: all }));
  useEvent("turn", (turn) => change({ kind: "turn", turn }));
  useEvent("piece", (id, at, text) => change({ kind: "piece", id, at, text }));
  useEvent("done", (id) => change({ kind: "done", id }));
  // The next connection brings everything.
  useEffect(() => {
    if (hasGap) socket?.disconnect();
    if (hasGap) socket?.connect();
  }, [hasGap, socket]);

  const ask = (text: string): void => {
    const question = { id: crypto.randomUUID(), text };
    change({ kind: "asked", questions: [turnOf(question)] });
    emit("ask", question, () => {});
  };
  const isAnswering = turns.some(({ isGrowing }) => isGrowing);
  return (
    <>
      <header className="top">
        <div>
          <h1>Assistant</h1>
          <p>Reload while it answers: the text goes on.</p>
        </div>
        <output id="connection" data-state={status.state}>
          {wordsOf(status)}
        </output>
      </header>
      <main>
        <Log turns={turns} waiting={waiting} />
        <Composer onAsk={ask} onStop={isAnswering ? () => emit("stop", () => {}) : undefined} />
      </main>
    </>
  );
}

function Log({ turns, waiting }: { turns: readonly Turn[]; waiting: readonly Turn[] }): ReactNode {
  const end = useRef<HTMLDivElement>(null);
  const length = turns.reduce((sum, { text }) => sum + text.length, waiting.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when there is more, whatever has become of it.
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [length]);
  return (
    <div className="log" role="log" aria-label="Conversation" aria-live="off">
      {turns.length + waiting.length === 0 && (
        <p className="empty">
          Ask something. There is no model behind it: the answer is about itself.
        </p>
      )}
      {turns.map((turn) => (
        <article key={turn.id} className={`turn is-${turn.from}`} aria-busy={turn.isGrowing}>
          <span className="visually-hidden">{turn.from === "person" ? "You:" : "Assistant:"}</span>
          {turn.text}
          {turn.isGrowing && <span className="caret" aria-hidden="true" />}
        </article>
      ))}
      {waiting.map(({ id, text }) => (
        <article key={id} className="turn is-person is-waiting">
          {text}
          <small>waits for the connection</small>
        </article>
      ))}
      <div ref={end} />
    </div>
  );
}

function Composer(props: {
  onAsk: (text: string) => void;
  onStop: (() => void) | undefined;
}): ReactNode {
  const { onAsk, onStop } = props;
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    onAsk(text.trim());
    setText("");
  };
  return (
    <form className="composer card" onSubmit={submit}>
      <label className="visually-hidden" htmlFor="question">
        Your question
      </label>
      <input
        id="question"
        className="input"
        placeholder="Your question"
        autoComplete="off"
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {onStop !== undefined && (
        <button type="button" className="button is-quiet" onClick={onStop}>
          Stop
        </button>
      )}
      <button type="submit" className="button">
        Ask
      </button>
    </form>
  );
}

const root = document.querySelector("#root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
