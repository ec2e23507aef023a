import { type IsoDate, isIsoDate } from '../calendar/dates.ts';
import { predictionWindow } from '../calendar/windows.ts';

/** What kind of file a file of a home is, as far as retention is concerned. */
export type KnownFile =
  | { readonly kind: 'binary'; readonly modelId: string }
  /** What has to be known in seven years, such as cards and ledgers, and what waits for a person. */
  | { readonly kind: 'record' }
  /** One of the files of a run: predictions, what was made of them, actual revenue, the report. */
  | { readonly kind: 'run'; readonly run: string; readonly windowEnd: IsoDate }
  | { readonly kind: 'search'; readonly searchId: string }
  /** What is useful for a while; `since` is the day from which its time counts. */
  | { readonly kind: 'monitoring' | 'alert' | 'rejects' | 'report'; readonly since: IsoDate };

const DAY = '(\\d{4})(\\d{2})(\\d{2})';
const RUN = `${DAY}_pred(\\d+)m`;
const MODEL = 'clv_model_\\d{8}_\\d{6}';
const SEARCH = '\\d{8}_\\d{6}';

const RECORDS = [
  `^models/cards/${MODEL}(\\.reference)?\\.json$`,
  `^outputs/training/clv_training_report_${MODEL}\\.(html|csv)$`,
  '^models/(champion_manifest\\.csv|approvals\\.jsonl)(\\.torn-[0-9a-f]+)?$',
  '^models/clv_model_latest\\.metrics\\.json$',
  '^outputs/monitoring/(drift_history\\.csv|(acknowledgements|alert_deliveries)\\.jsonl)(\\.torn-[0-9a-f]+)?$',
  // What people were asked, what they decided on, which slots of the calendar were used, and which runs wait.
  '^outputs/(requests|comparisons)/[^/]+\\.json$',
  '^outputs/schedule/(slots|runs_ahead)\\.jsonl(\\.torn-[0-9a-f]+)?$',
  // The mark by which a Redis knows the home.
  '^outputs/\\.identity$',
  '^(models|outputs)/\\.gitkeep$',
].map((pattern) => new RegExp(pattern));
const BINARY = new RegExp(`^models/(${MODEL})\\.forest$`);
const RUN_FILE = new RegExp(
  `^outputs/clv_(?:predictions|outlook|ranked_predictions|clusters|cluster_ranking|predictions_actual)_${RUN}\\.(?:csv|meta\\.json)$`,
);
const RUN_REPORT = new RegExp(`^outputs/run_reports/clv_run_${RUN}\\.json$`);
const ALERT = new RegExp(`^outputs/drift_alert_clv_predictions_actual_${RUN}\\.md$`);
const SEARCH_FILE = new RegExp(
  `^outputs/grid_search/clv_grid_search_(?:results_|rmse_|r2_)?(${SEARCH})(?:\\.(?:csv|png|json)|/cell_[^/]+\\.json)$`,
);
const DATED: readonly (readonly ['monitoring' | 'rejects' | 'report', RegExp])[] = [
  ['monitoring', new RegExp(`^outputs/monitoring/(?:psi|partial|migration)_${DAY}\\.csv$`)],
  ['rejects', new RegExp(`^outputs/data_quality/rejects_${DAY}_\\d{6}\\.csv$`)],
  ['report', new RegExp(`^outputs/retention/retention_${DAY}_\\d{6}\\.csv$`)],
];

/**
 * The kind of a file, by its name; null for a file that the program did not make, which must not be cleared away.
 *
 * @param path relative to the home, with slashes.
 */
export function recogniseFile(path: string): KnownFile | null {
  if (RECORDS.some((pattern) => pattern.test(path))) return { kind: 'record' };
  const modelId = BINARY.exec(path)?.[1];
  if (modelId !== undefined) return { kind: 'binary', modelId };
  const run = dated(RUN_FILE.exec(path) ?? RUN_REPORT.exec(path));
  if (run !== null) return { kind: 'run', run: run[0].match(RUN)?.[0] as string, windowEnd: windowEnd(run) };
  const alert = dated(ALERT.exec(path));
  if (alert !== null) return { kind: 'alert', since: windowEnd(alert) };
  const stamp = SEARCH_FILE.exec(path)?.[1];
  if (stamp !== undefined) return { kind: 'search', searchId: `clv_grid_search_${stamp}` };
  for (const [kind, pattern] of DATED) {
    const match = dated(pattern.exec(path));
    if (match !== null) return { kind, since: dateOf(match) };
  }
  return null;
}

/** A name with a day that no month has was made by somebody else. */
function dated(match: RegExpExecArray | null): RegExpExecArray | null {
  return match !== null && isIsoDate(dateOf(match)) ? match : null;
}

function dateOf([, year, month, day]: RegExpExecArray): IsoDate {
  return `${year}-${month}-${day}`;
}

/** The first day after the prediction window in the name of a run's file. */
function windowEnd(match: RegExpExecArray): IsoDate {
  return predictionWindow(dateOf(match), Number(match[4])).end;
}
