import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../src/domain/calendar/dates.ts';
import { judgeFile, type RetentionFacts } from '../../../src/domain/retention/policy.ts';

/** Unlike one another, so that none can stand for another. */
const RULES = { binaries: 9, predictions: 13, monitoring: 12, rejects: 10 };
const CHAMPION = 'clv_model_20240301_060000';
const OLD = 'clv_model_20240101_060000';
const RUN = '20240101_pred6m';
const SEARCHES = ['clv_grid_search_20240101_000000', 'clv_grid_search_20240601_000000'];

/** The facts at a moment that only the clock differs in. */
function factsOn(today: string, change: Partial<RetentionFacts> = {}): RetentionFacts {
  return {
    today,
    championId: CHAMPION,
    lastNeeded: new Map([
      [OLD, '2024-03-01'],
      [CHAMPION, '2024-03-01'],
    ]),
    labelledRuns: new Set([RUN]),
    approvedSearchId: SEARCHES[1],
    neededSearchIds: new Set(),
    ...change,
  };
}
const verdictOn = (path: string, today: string, change: Partial<RetentionFacts> = {}) =>
  judgeFile(path, factsOn(today, change), RULES).action;

/** What may go, and the day from which its time counts. */
const TIMED: [string, string, number, string][] = [
  [`models/${OLD}.forest`, '2024-03-01', 9, 'delete'],
  ...[
    'predictions',
    'outlook',
    'ranked_predictions',
    'clusters',
    'cluster_ranking',
    'predictions_actual',
  ].flatMap((kind) =>
    ['csv', 'meta.json'].map((ending): [string, string, number, string] => [
      `outputs/clv_${kind}_${RUN}.${ending}`,
      '2024-07-01',
      13,
      'archive',
    ]),
  ),
  [`outputs/run_reports/clv_run_${RUN}.json`, '2024-07-01', 13, 'archive'],
  [`outputs/drift_alert_clv_predictions_actual_${RUN}.md`, '2024-07-01', 12, 'delete'],
  ['outputs/monitoring/psi_20240229.csv', '2024-02-29', 12, 'delete'],
  ['outputs/monitoring/partial_20240229.csv', '2024-02-29', 12, 'delete'],
  ['outputs/monitoring/migration_20240229.csv', '2024-02-29', 12, 'delete'],
  ['outputs/data_quality/rejects_20240501_081500.csv', '2024-05-01', 10, 'delete'],
  ['outputs/retention/retention_20240501_020000.csv', '2024-05-01', 12, 'delete'],
];

test.each(TIMED)('%s goes %#: from %s on for %i months, then %s', (path, since, months, action) => {
  const due = addMonths(since, months);
  expect(verdictOn(path, addDays(due, -1))).toBe('keep');
  expect(verdictOn(path, due)).toBe(action);
});

const LATE = '2060-01-01';

test.each([
  'models/champion_manifest.csv',
  'models/approvals.jsonl',
  'models/approvals.jsonl.torn-0123456789ab',
  'models/clv_model_latest.metrics.json',
  `models/cards/${OLD}.json`,
  `models/cards/${OLD}.reference.json`,
  `outputs/training/clv_training_report_${OLD}.html`,
  `outputs/training/clv_training_report_${OLD}.csv`,
  'outputs/monitoring/drift_history.csv',
  'outputs/monitoring/acknowledgements.jsonl',
  'outputs/requests/quarterly-review-20240101.json',
  'outputs/comparisons/a_vs_b_20240101.json',
  'outputs/schedule/slots.jsonl',
  'outputs/schedule/runs_ahead.jsonl',
  'outputs/.identity',
])('%s never goes', (path) => expect(verdictOn(path, LATE)).toBe('keep'));

test.each([
  'outputs/notes.txt',
  'outputs/training/clv_training_report.html',
  'outputs/clv_predictions_20240101_pred6m.xlsx',
  'outputs/monitoring/psi_20240101.csv.bak',
  'models/model.forest',
  'outputs/deeper/clv_predictions_20240101_pred6m.csv',
  'outputs/data_quality/rejects.csv',
])('%s, which the program did not make, is refused', (path) => {
  expect(judgeFile(path, factsOn(LATE), RULES)).toMatchObject({ action: 'refuse', why: /not a file/ });
});

describe('a binary', () => {
  test('of the champion is refused, however old', () => {
    expect(verdictOn(`models/${CHAMPION}.forest`, LATE)).toBe('refuse');
  });

  test('without a card is refused: a training may be writing it', () => {
    expect(verdictOn('models/clv_model_20200101_000000.forest', LATE)).toBe('refuse');
  });
});

test('a prediction without its actual revenue is refused, however old', () => {
  expect(verdictOn(`outputs/clv_predictions_${RUN}.csv`, LATE, { labelledRuns: new Set() })).toBe('refuse');
});

describe('the files of a search', () => {
  const [first, second] = SEARCHES;
  const paths = (id: string) => [
    `outputs/grid_search/${id}.json`,
    `outputs/grid_search/${id.replace('search_', 'search_results_')}.csv`,
    `outputs/grid_search/${id.replace('search_', 'search_rmse_')}.png`,
    `outputs/grid_search/${id.replace('search_', 'search_r2_')}.png`,
    `outputs/grid_search/${id}/cell_h12_p6.json`,
  ];
  const verdicts = (id: string, change: Partial<RetentionFacts> = {}) =>
    new Set(paths(id).map((path) => verdictOn(path, LATE, change)));

  test('go once a later search was approved', () => {
    expect(verdicts(first)).toEqual(new Set(['delete']));
    expect(verdicts(second)).toEqual(new Set(['keep']));
  });

  test('stay for ever where none was approved', () => {
    expect(verdicts(first, { approvedSearchId: null })).toEqual(new Set(['keep']));
  });

  test('stay while somebody has to decide on it, or the champion comes from it', () => {
    expect(verdicts(first, { neededSearchIds: new Set([first]) })).toEqual(new Set(['refuse']));
  });
});

test('a file whose name has a day that no month has was not made by the program, and stays', () => {
  for (const name of ['clv_predictions_20259999_pred6m.csv', 'monitoring/psi_20251301.csv'])
    expect(verdictOn(`outputs/${name}`, '2040-01-01')).toBe(verdictOn('outputs/notes.txt', '2040-01-01'));
});
