// The page: a form to log in, then the chat.

import { keepAuthenticated } from "@sockeye/auth/client";
import { io, type Socket } from "@sockeye/client";
import { element, showConnection } from "../site/connection.ts";
import type { ClientToServer, Message, Pass, ServerToClient } from "./events.ts";
import { logIn, logOut, register, renew } from "./session.ts";

const entrance = element("#entrance", HTMLFormElement);
const problem = element("#problem", HTMLElement);
const chat = element("#chat", HTMLElement);
const log = element("#log", HTMLOListElement);
const composer = element("#composer", HTMLFormElement);
const text = element("#text", HTMLInputElement);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const shown = new Set<number>();

const socket: Socket<ServerToClient, ClientToServer> = io({ autoConnect: false });
// A token for each connection, as the last one may be over after a night, and a new one before it ends.
keepAuthenticated(socket, async () => (await renew()).token);

function show(message: Message): void {
  if (shown.has(message.id)) return;
  shown.add(message.id);
  const item = document.createElement("li");
  const author = Object.assign(document.createElement("b"), { textContent: message.author });
  const time = Object.assign(document.createElement("time"), {
    className: "soft figure",
    dateTime: new Date(message.at).toISOString(),
    textContent: clock.format(message.at),
  });
  item.append(
    author,
    time,
    Object.assign(document.createElement("p"), { textContent: message.text }),
  );
  log.append(item);
  log.scrollTop = log.scrollHeight;
}

function enter({ name }: Pass): void {
  entrance.hidden = true;
  chat.hidden = false;
  element("#me", HTMLElement).textContent = name;
  socket.connect();
  text.focus();
}

async function enterBy(way: typeof logIn): Promise<void> {
  const data = new FormData(entrance);
  problem.textContent = "";
  try {
    enter(await way(String(data.get("name")), String(data.get("password"))));
  } catch (error) {
    problem.textContent = (error as Error).message || "The server is out of reach.";
  }
}

async function say(message: string): Promise<void> {
  const key = crypto.randomUUID();
  // Sent again with the same key until the server has it: it is stored once.
  for (;;) {
    try {
      await socket.timeout(10_000).emitWithAck("say", key, message);
      return;
    } catch {
      if (!socket.active) return;
    }
  }
}

showConnection(socket);
socket.on("history", (messages) => messages.forEach(show));
socket.on("said", show);
// No credentials any more: somebody has logged out elsewhere, or the session is over.
socket.on("connect_error", () => {
  if (!socket.active) location.reload();
});
entrance.addEventListener("submit", (event) => {
  event.preventDefault();
  void enterBy((event.submitter as HTMLButtonElement).value === "register" ? register : logIn);
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim() !== "") void say(text.value);
  text.value = "";
});
element("#logout", HTMLButtonElement).addEventListener("click", async () => {
  await logOut();
  location.reload();
});

renew().then(enter, () => {
  entrance.hidden = false;
});
