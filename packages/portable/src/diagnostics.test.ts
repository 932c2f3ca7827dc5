// Diagnostics points on their own: listeners, faults, names, and channels of a platform.

import { expect, test } from "vitest";
import { createPoints, type PointChannel, type PointFault, type PointRows } from "./diagnostics.ts";

interface Payloads {
  opened: { readonly id: string };
  closed: { readonly reason: string };
}

const rows: PointRows<Payloads> = { opened: "a door was opened", closed: "a door was closed" };

test("DP1 a point is active while something listens, and names itself after its table", () => {
  const { opened, closed } = createPoints<Payloads>("house:door", rows);
  expect([opened.name, closed.name]).toEqual(["house:door:opened", "house:door:closed"]);
  expect(opened.active).toBe(false);
  const leave = [opened.subscribe(() => {}), opened.subscribe(() => {})];
  expect([opened.active, closed.active]).toEqual([true, false]);
  leave[0]?.();
  leave[0]?.();
  expect(opened.active).toBe(true);
  leave[1]?.();
  expect(opened.active).toBe(false);
});

test("DP1 every listener is called, in the order of subscribing, also twice the same", () => {
  const { opened } = createPoints<Payloads>("house:door", rows);
  const heard: string[] = [];
  const listener = ({ id }: Payloads["opened"]): void => {
    heard.push(`a ${id}`);
  };
  const leave = opened.subscribe(listener);
  opened.subscribe(({ id }) => heard.push(`b ${id}`));
  opened.subscribe(listener);
  opened.publish({ id: "1" });
  leave();
  opened.publish({ id: "2" });
  expect(heard).toEqual(["a 1", "b 1", "a 1", "b 2", "a 2"]);
});

test("DP2 a listener that throws harms neither the publisher nor the others, and its error is handed on", () => {
  const faults: PointFault[] = [];
  const onFault = (fault: PointFault): void => {
    faults.push(fault);
    throw new Error("a handler that fails as well");
  };
  const { opened } = createPoints<Payloads>("house:door", rows, { onFault });
  const heard: string[] = [];
  const error = new Error("listener");
  opened.subscribe(() => {
    throw error;
  });
  opened.subscribe(({ id }) => heard.push(id));
  opened.publish({ id: "1" });
  expect(heard).toEqual(["1"]);
  expect(faults).toEqual([{ error, point: "house:door:opened" }]);
});

test("DP2 without a handler of faults they are dropped", () => {
  const { opened } = createPoints<Payloads>("house:door", rows);
  opened.subscribe(() => {
    throw new Error("listener");
  });
  expect(() => opened.publish({ id: "1" })).not.toThrow();
});

test("DP3 listeners that come and go during a publication do not change who hears it", () => {
  const { opened } = createPoints<Payloads>("house:door", rows);
  const heard: string[] = [];
  opened.subscribe(({ id }) => {
    heard.push(`a ${id}`);
    leave();
    opened.subscribe((payload) => heard.push(`late ${payload.id}`));
  });
  const leave = opened.subscribe(({ id }) => heard.push(`b ${id}`));
  opened.publish({ id: "1" });
  expect(heard).toEqual(["a 1", "b 1"]);
});

test("DP4 the platform's channel of the same name makes a point active and gets what it publishes", () => {
  const published: unknown[] = [];
  const channels = new Map<string, PointChannel & { hasSubscribers: boolean }>();
  const channel = (name: string): PointChannel => {
    const made = { hasSubscribers: false, publish: (payload: unknown) => published.push(payload) };
    channels.set(name, made);
    return made;
  };
  const { opened } = createPoints<Payloads>("house:door", rows, { channel });
  expect([...channels.keys()]).toEqual(["house:door:opened", "house:door:closed"]);
  opened.publish({ id: "1" });
  expect([opened.active, published]).toEqual([false, []]);
  const found = channels.get("house:door:opened");
  if (found !== undefined) found.hasSubscribers = true;
  expect(opened.active).toBe(true);
  opened.publish({ id: "2" });
  expect(published).toEqual([{ id: "2" }]);
});
