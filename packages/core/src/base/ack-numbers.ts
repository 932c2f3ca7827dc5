// The numbers of packets that ask for acknowledgements. Each namespace counts for itself, as in Socket.IO. When connections of
// another process go on here, all of them go on above the numbers that were used there: a client may still answer.

/** The numbers of one server. */
export class AckNumbers {
  #floor = 0;
  #next = 0;

  /** No namespace uses a number below. */
  get floor(): number {
    return this.#floor;
  }

  /** Above every number that was used here, or in an earlier process. */
  get next(): number {
    return this.#next;
  }

  /** A namespace goes on with this number. */
  onNext(next: number): void {
    if (next > this.#next) this.#next = next;
  }

  /** Numbers below were used in an earlier process. */
  raise(floor: number): void {
    if (floor > this.#floor) this.#floor = floor;
    this.onNext(floor);
  }
}
