// A gateway of Nest, and a controller that emits: `npm start`, then http://localhost:3000 in two tabs.

import "reflect-metadata";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Controller, Get, Header, HttpCode, Inject, Module, Param, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
// #region gateway
import {
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from "@nestjs/websockets";
import { SockeyeAdapter } from "@sockeye/nest";
import type { Server } from "@sockeye/node";

interface ClientToServer {
  say: (text: string) => void;
}
interface ServerToClient {
  said: (text: string) => void;
}

@WebSocketGateway()
class TalkGateway {
  @WebSocketServer()
  readonly io!: Server<ClientToServer, ServerToClient>;

  @SubscribeMessage("say")
  say(@MessageBody() text: string): void {
    this.io.emit("said", text);
  }
}
// #endregion gateway

/** The application's page: a list of what has been said, and who may say more. */
const PAGE = `<!doctype html>
<form><input name="text" autofocus><button>say</button></form><ul></ul>
<script src="/socket.io/socket.io.js"></script>
<script>
  const socket = io();
  const [form, list] = [document.querySelector("form"), document.querySelector("ul")];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    socket.emit("say", form.elements.text.value);
    form.reset();
  });
  socket.on("said", (text) => {
    list.append(Object.assign(document.createElement("li"), { textContent: text }));
  });
</script>`;

@Controller()
class TalkController {
  readonly #talk: TalkGateway;

  constructor(@Inject(TalkGateway) talk: TalkGateway) {
    this.#talk = talk;
  }

  @Get()
  @Header("content-type", "text/html; charset=utf-8")
  page(): string {
    return PAGE;
  }

  @Get("clients")
  clients(): object {
    return { clients: this.#talk.io.engine.clientsCount };
  }

  @Post("say/:text")
  @HttpCode(200)
  say(@Param("text") text: string): object {
    this.#talk.io.emit("said", text);
    return { said: text };
  }
}

@Module({ controllers: [TalkController], providers: [TalkGateway] })
class TalkModule {}

// #region adapter
const app = await NestFactory.create(TalkModule, { logger: ["error", "warn"] });
app.useWebSocketAdapter(new SockeyeAdapter(app, { connectionStateRecovery: {} }));
await app.listen(Number(process.env["PORT"] ?? 3000));
// #endregion adapter
const http = app.getHttpServer() as HttpServer;
console.log(`http://localhost:${(http.address() as AddressInfo).port}`);
