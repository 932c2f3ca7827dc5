// Lets one page at a time send the events of a store that several pages share: by a Web Lock, which ends with its page;
// else by a lease in the store, which has to be renewed; else there is only one page.

import { after, type Cancel } from "../clock.ts";

/** How long a lease holds. A page that has crashed is waited for that long; timers of hidden pages fire each minute. */
const LEASE_MS = 30_000;

/** Runs `work` while no other page does. `isMine` is asked before each event: a lease may have been lost. */
export type RunAlone = (work: (isMine: () => Promise<boolean>) => Promise<void>) => Promise<void>;

/** The part of Web Locks that is used. */
export interface Locks {
  request(name: string, work: () => Promise<void>): Promise<void>;
}

/** How pages that share a store find out which one sends. */
export interface Sharing {
  /** Names the store. */
  readonly key: string;
  /** The platform's, if there are any. */
  readonly locks: Locks | undefined;
  /** Takes, renews or gives back the right to send; `undefined` where the store is not shared. */
  readonly lease: ((ms: number) => Promise<boolean>) | undefined;
}

/** Makes the function for one store. */
export function oneSender({ key, locks, lease }: Sharing): RunAlone {
  const always = async (): Promise<boolean> => true;
  if (locks) return (work) => locks.request(key, () => work(always));
  if (!lease) return (work) => work(always);
  return async (work) => {
    while (!(await lease(LEASE_MS))) await pause(LEASE_MS / 10);
    let stop: Cancel = () => {};
    let isOver = false;
    const renew = (): void => {
      if (isOver) return;
      const again = (): void => void lease(LEASE_MS).then(renew, renew);
      stop = after(LEASE_MS / 3, again, { autoUnref: true });
    };
    renew();
    try {
      await work(() => lease(LEASE_MS));
    } finally {
      isOver = true;
      stop();
      await lease(0);
    }
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    after(ms, resolve, { autoUnref: true });
  });
}
