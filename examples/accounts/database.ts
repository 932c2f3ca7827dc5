// What is kept: accounts, sessions and messages, in one file of SQLite. Every value goes in as a parameter.

import { rmSync } from "node:fs";
import sqlite from "node-sqlite3-wasm";
import type { Message } from "./events.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY COLLATE NOCASE, salt BLOB NOT NULL, hash BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES account, until INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, author TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL);
`;

/** A password as it is kept. */
export interface Secret {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export class Database {
  readonly #sql: InstanceType<typeof sqlite.Database>;

  /** @param file of SQLite; made when it is not there. One process at a time opens it. */
  constructor(file: string) {
    // The lock of a run that was killed while it wrote.
    rmSync(`${file}.lock`, { recursive: true, force: true });
    this.#sql = new sqlite.Database(file);
    this.#sql.exec(SCHEMA);
  }

  /** Whether the account is new: a name is taken once, however its letters are written. */
  addAccount(name: string, { salt, hash }: Secret): boolean {
    const statement = "INSERT INTO account VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    return this.#sql.run(statement, [name, salt, hash]).changes > 0;
  }

  /** The account's name as its owner writes it, and its password. */
  account(name: string): (Secret & { readonly name: string }) | undefined {
    const row = this.#sql.get("SELECT name, salt, hash FROM account WHERE name = ?", [name]);
    return (row as unknown as (Secret & { name: string }) | null) ?? undefined;
  }

  addSession(hash: string, name: string, until: number): void {
    this.#sql.run("DELETE FROM session WHERE until < ?", [Date.now()]);
    this.#sql.run("INSERT INTO session VALUES (?, ?, ?)", [hash, name, until]);
  }

  /** Whose session it is, while it lasts. */
  sessionOwner(hash: string): string | undefined {
    const statement = "SELECT name FROM session WHERE hash = ? AND until > ?";
    const row = this.#sql.get(statement, [hash, Date.now()]) as { name: string } | null;
    return row?.name;
  }

  removeSession(hash: string): void {
    this.#sql.run("DELETE FROM session WHERE hash = ?", [hash]);
  }

  /** The stored message; nothing when the key is known already. */
  addMessage(key: string, author: string, text: string): Message | undefined {
    const at = Date.now();
    const statement =
      "INSERT INTO message (key, author, text, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
    const { changes, lastInsertRowid } = this.#sql.run(statement, [key, author, text, at]);
    return changes > 0 ? { id: Number(lastInsertRowid), author, text, at } : undefined;
  }

  /** The newest messages, in order. */
  messages(count: number): Message[] {
    const statement =
      "SELECT * FROM (SELECT id, author, text, at FROM message ORDER BY id DESC LIMIT ?) ORDER BY id";
    return this.#sql
      .all(statement, [count])
      .map((row) => ({ ...(row as unknown as Message), at: Number(row["at"]) }));
  }

  close(): void {
    this.#sql.close();
  }
}
