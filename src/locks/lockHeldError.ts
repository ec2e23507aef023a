import { ClvError } from '../domain/errors.ts';

/** Another process has kept a lock for longer than somebody here could wait. */
export class LockHeldError extends ClvError {
  readonly pid: number;
  /** Who keeps it, to begin a sentence that says what is being done meanwhile. */
  readonly who: string;

  /** @param isHere whether the process can be ended on this machine, in this container. */
  constructor(folder: string, pid: number, isHere: boolean, patienceMs: number) {
    const who = isHere ? `Process ${pid}` : `Process ${pid} of another machine or container`;
    super('LOCK_HELD', `${who} has held the lock ${folder} for more than ${patienceMs / 1000} seconds.`, {
      remedy: isHere ? `Wait for it, or end it (kill ${pid}), and try again.` : 'Wait for it and try again.',
      values: { folder, pid },
    });
    this.pid = pid;
    this.who = who;
  }
}
