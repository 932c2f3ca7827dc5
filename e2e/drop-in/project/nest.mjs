// NestJS: a gateway over the platform's IoAdapter. The decorators are called as functions, which is
// what compiled TypeScript does.

import "reflect-metadata";
import assert from "node:assert/strict";
import * as common from "@nestjs/common";
import * as core from "@nestjs/core";
import * as websockets from "@nestjs/websockets";
import { converse, departures, report } from "./conversation.mjs";

const { Module, Injectable, UseGuards } = common;
const { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } =
  websockets;
const { gone, onGone } = departures();
const seen = [];

class OnlyEvenGuard {
  canActivate(context) {
    return context.switchToWs().getData() % 2 === 0;
  }
}

class ChatGateway {
  afterInit(server) {
    seen.push(["afterInit", server === this.server]);
  }
  handleConnection(socket) {
    seen.push(["handleConnection", socket.nsp.name]);
  }
  handleDisconnect(socket) {
    onGone(socket.id);
  }
  echo(message) {
    return { event: "echo", data: message };
  }
  add([a, b]) {
    return a + b;
  }
  async join(room, socket) {
    await socket.join(room);
    return true;
  }
  shout({ room, text }, socket) {
    this.server.to(room).except(socket.id).emit("shouted", text);
    return true;
  }
  even(value) {
    return value;
  }
}

function handler(name, ...parameters) {
  const { prototype } = ChatGateway;
  for (const [at, decorate] of parameters.entries()) decorate(prototype, name, at);
  SubscribeMessage(name)(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}

handler("echo", MessageBody());
handler("add", MessageBody());
handler("join", MessageBody(), ConnectedSocket());
handler("shout", MessageBody(), ConnectedSocket());
handler("even", MessageBody());
UseGuards(OnlyEvenGuard)(
  ChatGateway.prototype,
  "even",
  Object.getOwnPropertyDescriptor(ChatGateway.prototype, "even"),
);
Injectable()(OnlyEvenGuard);
WebSocketServer()(ChatGateway.prototype, "server");
WebSocketGateway({ namespace: "chat", cors: true })(ChatGateway);

class AppModule {}
Module({ providers: [ChatGateway] })(AppModule);

const app = await core.NestFactory.create(AppModule, { logger: ["error"] });
await app.listen(0, "127.0.0.1");
const url = `http://127.0.0.1:${app.getHttpServer().address().port}/chat`;
const checks = await converse(url, { gone });
assert.deepEqual(seen[0], ["afterInit", true]);
assert.deepEqual(seen[1], ["handleConnection", "/chat"]);
await app.close();
report([...checks, "close"]);
