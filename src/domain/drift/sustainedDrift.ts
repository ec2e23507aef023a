import { compactDate } from '../calendar/timestamps.ts';
import { type DriftResult, isAlert, isSameWindow, standingResults } from './driftResult.ts';

/** So many alerts in a row are sustained drift. */
const SUSTAINED_ALERTS = 2;

/**
 * The alerts in consecutive matured windows of one model that the last row of `history` belongs to, earliest window
 * first; none where that row is no alert. Windows count in the order of their ends, each once, with its latest result; a
 * window that was never measured does not come between two.
 *
 * @param history the rows up to and with the one that is asked about, as they were appended.
 */
export function alertsInARow(history: readonly DriftResult[]): DriftResult[] {
  const last = history.at(-1);
  if (last === undefined || !isAlert(last)) return [];
  const windows = standingResults(history).filter((result) => result.modelId === last.modelId);
  const at = windows.findIndex((result) => isSameWindow(result, last));
  let from = at;
  while (from > 0 && isAlert(windows[from - 1])) from--;
  let to = at;
  while (to + 1 < windows.length && isAlert(windows[to + 1])) to++;
  return windows.slice(from, to + 1);
}

/** Whether so many alerts in a row call for a person to look for better windows. */
export function isSustained(inARow: readonly DriftResult[]): boolean {
  return inARow.length >= SUSTAINED_ALERTS;
}

/** The id of the request that a row of alerts opens: one request for one row, however long the row grows. */
export function sustainedRequestId(inARow: readonly DriftResult[]): string {
  const [first] = inARow;
  return `sustained-drift-${first.modelId}-${compactDate(first.cutoff)}`;
}
