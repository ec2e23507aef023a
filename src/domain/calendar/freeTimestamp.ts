import { fileTimestamp } from './timestamps.ts';

/**
 * The `<TS>` of the first second from `epochMs` on that is not taken, so that two things that were asked for in the
 * same second get different ids.
 */
export async function freeTimestamp(
  epochMs: number,
  isTaken: (stamp: string) => Promise<boolean>,
): Promise<string> {
  for (let ms = epochMs; ; ms += 1000) {
    const stamp = fileTimestamp(ms);
    if (!(await isTaken(stamp))) return stamp;
  }
}
