import type { Clock } from '../domain/calendar/clock.ts';

/** A clock that stands still until it is moved on: the time of a replay. */
export class VirtualClock implements Clock {
  #nowMs: number;

  /** @param startMs milliseconds since 1970 UTC. */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Moves the time on to `ms`. Throws RangeError where that lies in the past. */
  moveTo(ms: number): void {
    if (ms < this.#nowMs) {
      throw new RangeError(
        `A replay never goes back: from ${new Date(this.#nowMs).toISOString()} to ${new Date(ms).toISOString()}.`,
      );
    }
    this.#nowMs = ms;
  }
}
