// What Nest hands to an adapter, as far as the adapter looks at it. In place of Nest's own types, so that the package compiles
// without Nest, and for all of its versions.

import type { Server as HttpServer } from "node:http";
import type { Namespace, Server, ServerOptions } from "@sockeye/node";

/** An application of Nest. */
export interface NestApplication {
  getHttpServer(): unknown;
}

/** What a gateway is bound to: a server, or one of its namespaces. */
export type GatewayServer = Server | Namespace;

/** Options of a gateway: those of its decorator, with what Nest adds. */
export interface GatewayOptions extends Partial<ServerOptions> {
  /** The namespace of the gateway. */
  readonly namespace?: string | RegExp;
  /** The server of an earlier gateway with the same port and path. */
  readonly server?: GatewayServer;
}

/** A method of a gateway that listens to one event. */
export interface MessageHandler {
  readonly message: string;
  /** Whether the method itself calls the acknowledgement. */
  readonly isAckHandledManually?: boolean;
  readonly callback: (data: unknown, ack?: Acknowledge) => unknown;
}

/** Answers an event. */
export type Acknowledge = (answer: unknown) => void;

/** What ends results that are still to come. */
export interface Subscription {
  unsubscribe(): void;
}

/** What is called with results. */
export interface ResultObserver {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** Results of a method, one or more. An observable of RxJS is one. */
export interface Results {
  subscribe(observer: ResultObserver): Subscription;
}

/** Makes results of what a method gives: a value, a promise or an observable. */
export type ToResults = (given: unknown) => Results;

/** The parts of a server's socket that an adapter needs. Its events are the application's. */
export interface GatewaySocket {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  once(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

/** Whether it is a server of HTTP, and no application. */
export const isHttpServer = (given: object): given is HttpServer => !("getHttpServer" in given);
