/** How long an error that came is not told again. */
const QUIET_MS = 60_000;
/** Words of errors that are kept; where there are more of them, they are no repetitions. */
const MOST_KEPT = 100;

/**
 * Tells errors that come many times a second for as long as their cause stands (a Redis whose disk is full, or that is
 * away): each by its words, the first at once, then once a minute with how many there were since. Else the log would fill
 * the disk.
 *
 * @param tell `repeated` is how many of the same words were not told before this one.
 * @param now milliseconds that never go back.
 */
export function tellOnceAMinute(
  tell: (error: Error, repeated: number) => void,
  now: () => number = () => performance.now(),
): (error: Error) => void {
  const told = new Map<string, { atMs: number; untold: number }>();
  return (error) => {
    const last = told.get(error.message);
    if (last !== undefined && now() - last.atMs < QUIET_MS) {
      last.untold++;
      return;
    }
    if (told.size >= MOST_KEPT) told.clear();
    told.set(error.message, { atMs: now(), untold: 0 });
    tell(error, last?.untold ?? 0);
  };
}
