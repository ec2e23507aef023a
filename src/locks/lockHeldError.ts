import { ClvError } from '../domain/errors.ts';

/** Another process has held a lock for longer than this one was willing to wait. */
export class LockHeldError extends ClvError {
  /** Null where the ticket of the holder cannot be read. */
  readonly pid: number | null;
  /** Who holds it, as the beginning of a sentence that says what that process is doing. */
  readonly who: string;

  /** @param isHere whether the process runs on this machine and in this container, so that it can be ended here. */
  constructor(folder: string, pid: number | null, isHere: boolean, patienceMs: number) {
    const who =
      pid === null
        ? 'A process whose ticket cannot be read'
        : isHere
          ? `Process ${pid}`
          : `Process ${pid} of another machine or container`;
    super('LOCK_HELD', `${who} has held the lock ${folder} for more than ${patienceMs / 1000} seconds.`, {
      remedy: isHere ? `Wait for it, or end it (kill ${pid}), and try again.` : 'Wait for it and try again.',
      values: { folder, pid },
    });
    this.pid = pid;
    this.who = who;
  }
}
