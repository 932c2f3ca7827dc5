// Unread counts across reconnections and restarts of the server.
import { expect, test } from "vitest";
import { Unread } from "./unread.ts";

test("what was written before the first visit counts as seen, what comes later does not", () => {
  const unread = new Unread();
  unread.welcome(1, [{ name: "lobby", count: 7 }]);
  unread.written({ name: "lobby", count: 9 });
  unread.written({ name: "upstream", count: 1 });
  expect([unread.in("lobby"), unread.in("upstream"), unread.total()]).toEqual([2, 1, 3]);
  unread.seenAll("lobby");
  expect(unread.total()).toBe(1);
});

test("after a reconnection, what was missed is unread", () => {
  const unread = new Unread();
  unread.welcome(1, [{ name: "lobby", count: 7 }]);
  unread.welcome(1, [{ name: "lobby", count: 10 }]);
  expect(unread.in("lobby")).toBe(3);
});

test("after a restart of the server, counting starts again", () => {
  const unread = new Unread();
  unread.welcome(1, [{ name: "lobby", count: 7 }]);
  unread.written({ name: "lobby", count: 8 });
  unread.welcome(2, [{ name: "lobby", count: 2 }]);
  expect(unread.in("lobby")).toBe(2);
});

test("a message of one's own from another tab is not unread", () => {
  const unread = new Unread();
  unread.welcome(1, []);
  unread.written({ name: "upstream", count: 1 });
  unread.seenOne("upstream");
  expect(unread.total()).toBe(0);
});
