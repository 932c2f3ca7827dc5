import { Injectable, Module, type OnApplicationShutdown } from "@nestjs/common";
import { type HttpAdapterHost, NestFactory } from "@nestjs/core";
import { Server } from "@sockeye/node";

@Injectable()
export class Events implements OnApplicationShutdown {
  readonly io: Server;

  constructor(host: HttpAdapterHost) {
    this.io = new Server(host.httpAdapter.getHttpServer());
    this.io.on("connection", (socket) => {
      socket.on("say", (text) => this.io.emit("said", text));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.io.close();
  }
}

@Module({ providers: [Events], exports: [Events] })
export class EventsModule {}

const app = await NestFactory.create(EventsModule);
app.enableShutdownHooks();
await app.listen(3000);
