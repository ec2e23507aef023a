import { compactDate } from '../calendar/timestamps.ts';
import { type DriftResult, isAlert, isSameWindow, standingResults } from './driftResult.ts';

/** This many alerts in a row count as sustained drift. */
const SUSTAINED_ALERTS = 2;

/**
 * The alerts in consecutive matured windows of one model that the last row of `history` belongs to, earliest window
 * first; none if that row is no alert. Windows are taken in the order of their ends, each once, with its latest result.
 * A window that was never measured does not break the row.
 *
 * @param history the rows in the order in which they were appended; the last one is the one asked about.
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

/** Whether there are enough alerts in a row to ask a person to look for better windows. */
export function isSustained(inARow: readonly DriftResult[]): boolean {
  return inARow.length >= SUSTAINED_ALERTS;
}

/** A row of alerts that a person was asked about, with the windows that were known then. */
export interface DriftEpisode {
  /** The id of the request. */
  readonly id: string;
  readonly alerts: readonly AlertedWindow[];
}

/** One window of one model that drifted. */
type AlertedWindow = Pick<DriftResult, 'modelId' | 'cutoff' | 'predMonths'>;

/**
 * For each entry of `history` the id of the request that it calls for; null where it belongs to no sustained row of
 * alerts. A row of alerts that shares a window with one that was asked about before is the same episode and has the
 * same id, at whichever end it grew, since windows may be measured in any order. The id names the model and the first
 * cutoff of the episode when it was first asked about.
 *
 * @param asked the episodes that requests were opened for, oldest first. A request may name a window that is missing in
 *   `history`, if the process that measured it died before it recorded the result.
 */
export function sustainedRequestIds(
  history: readonly DriftResult[],
  asked: readonly DriftEpisode[] = [],
): (string | null)[] {
  const episodes = asked.map(({ id, alerts }) => ({ id, alerts: [...alerts] }));
  return history.map((_, i) => {
    const inARow = alertsInARow(history.slice(0, i + 1));
    if (!isSustained(inARow)) return null;
    const known = episodes.find(({ alerts }) => alerts.some((alert) => inARow.some(isSameAlert(alert))));
    if (known !== undefined) {
      known.alerts.push(...inARow);
      return known.id;
    }
    const [first] = inARow;
    const id = `sustained-drift-${first.modelId}-${compactDate(first.cutoff)}`;
    episodes.push({ id, alerts: [...inARow] });
    return id;
  });
}

function isSameAlert(a: AlertedWindow): (b: AlertedWindow) => boolean {
  return (b) => a.modelId === b.modelId && isSameWindow(a, b);
}
