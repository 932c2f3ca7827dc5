// Leases in Redis: a hash for each, with its holder and its record, that expires.

import type { Lease, Leases, LeaseWrite, NodeId } from "@sockeye/adapter/cluster";
import type { RedisArgument, RedisCommands } from "./commands.ts";
import { CLAIM, REMOVE, RENEW, type Script, WRITE } from "./scripts.ts";

const AT_ONCE = 500;

/** Leases over a connection of the application. */
export class RedisLeases implements Leases {
  readonly #commands: RedisCommands;
  readonly #prefix: string;

  /** `prefix` begins the keys. */
  constructor(commands: RedisCommands, prefix: string) {
    this.#commands = commands;
    this.#prefix = prefix;
  }

  async write({ holder, id, record }: Lease, how: LeaseWrite): Promise<boolean> {
    const args = [how.by, how.isNew ? "1" : "0", holder, whole(how.lasts), record];
    return (await this.#run(WRITE, id, args)) === 1;
  }

  async claim(id: string, by: NodeId, lasts: number): Promise<Lease | null> {
    const found = (await this.#run(CLAIM, id, [by, whole(lasts)])) as [Buffer, Buffer] | null;
    if (found === null) return null;
    const [holder, record] = found;
    return { id, holder: holder.toString(), record: Uint8Array.from(record) };
  }

  async renew(ids: readonly string[], by: NodeId, lasts: number): Promise<readonly string[]> {
    const lost: string[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE);
      const keys = some.map((id) => this.#keyOf(id));
      const args = ["EVAL", RENEW.text, String(keys.length), ...keys, by, whole(lasts)];
      const held = (await this.#commands.send(keys[0] ?? "", args)) as number[];
      lost.push(...some.filter((_, index) => held[index] !== 1));
    }
    return lost;
  }

  async remove(id: string, by: NodeId): Promise<void> {
    await this.#run(REMOVE, id, [by]);
  }

  #run({ keys, text }: Script, id: string, args: readonly RedisArgument[]): Promise<unknown> {
    const key = this.#keyOf(id);
    return this.#commands.send(key, ["EVAL", text, String(keys), key, ...args]);
  }

  #keyOf(id: string): string {
    return this.#prefix + id;
  }
}

function whole(duration: number): string {
  return String(Math.max(1, Math.ceil(duration)));
}
