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

/** A row of alerts that a person was asked about, by the windows that it was known to have. */
export interface DriftEpisode {
  /** That of the request. */
  readonly id: string;
  readonly alerts: readonly AlertedWindow[];
}

/** One window of one model that drifted. */
type AlertedWindow = Pick<DriftResult, 'modelId' | 'cutoff' | 'predMonths'>;

/**
 * The id of the request that each row of `history` asks for; null where it is in no sustained row of alerts. A row that
 * shares a window with one that was asked about before is the same episode and has its id, at whichever end it grew: windows
 * may be measured in any order. The id names the model and the first cutoff of the row that was asked about first.
 *
 * @param asked what requests were opened for, the oldest first. A request may know of a window that has no row: whoever
 *   measured it died between the two.
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
