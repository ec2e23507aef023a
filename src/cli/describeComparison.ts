import { amount, roughAmount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { figure, signedPercent } from '../domain/words/figures.ts';
import type { ComparisonRecord } from '../registry/comparisonRecord.ts';

type Side = ComparisonRecord['models'][number];
type Metrics = Pick<
  Side['metrics']['out_of_time'],
  'rmse' | 'mae' | 'bias' | 'r2' | 'spearman' | 'normalizedGini'
>;
type Row = readonly [string, string, string];

/** How many features of each model are named. */
const SHOWN_FEATURES = 5;

/** Two models in two columns, then what follows from it in one sentence. */
export function describeComparison({ models, measured, notes, conclusion }: ComparisonRecord): string {
  const rows: Row[] = [
    ['', models[0].model_id, models[1].model_id],
    row(
      'Windows',
      models,
      (it) => `${counted(it.history_months, 'month')} of history, ${it.pred_months} ahead`,
    ),
    row('Trained at', models, (it) => it.cutoff),
    row('From search', models, (it) => it.search?.id ?? 'none'),
    ...Array.from({ length: SHOWN_FEATURES }, (_, i) =>
      row(i === 0 ? 'Features' : '', models, (it) => importance(it, i)),
    ),
    ['', '', ''],
    row('On their cards', models, ({ metrics: { out_of_time: it } }) => {
      return `from ${it.measured_cutoff}, ${counted(it.customers, 'customer')}`;
    }),
    ...metricRows([models[0].metrics.out_of_time, models[1].metrics.out_of_time]),
  ];
  if (measured !== null) {
    const { window, customers, models: both } = measured;
    const title = `On the same ${counted(customers, 'customer')}, ${window.start} to before ${window.end}`;
    rows.push(
      ['', '', ''],
      [title, '', ''],
      row('Measured', both, (it) =>
        it.by === 'binary' ? 'the model itself' : `its recipe, fitted at ${it.fit_cutoff}`,
      ),
      ...metricRows([both[0].metrics, both[1].metrics]),
    );
  }
  return [table(rows), '', ...notes.map((note) => `- ${note}`), '', conclusion].join('\n');
}

function metricRows([first, second]: readonly [Metrics, Metrics]): Row[] {
  const lines: [string, (it: Metrics) => string][] = [
    ['RMSE', (it) => amount(it.rmse)],
    ['R²', (it) => share(it.r2)],
    ['MAE', (it) => amount(it.mae)],
    ['Bias', (it) => (it.bias === null ? 'undefined' : signedPercent(it.bias))],
    ['Spearman', (it) => share(it.spearman)],
    ['Normalised Gini', (it) => share(it.normalizedGini)],
  ];
  return lines.map(([name, of]) => row(name, [first, second], of));
}

function row<It>(name: string, [first, second]: readonly [It, It], of: (it: It) => string): Row {
  return [name, of(first), of(second)];
}

function importance({ importances = [] }: Side, i: number): string {
  const found = importances[i];
  if (found === undefined) return '';
  const { feature, gain, rmse_rise } = found;
  return rmse_rise === undefined
    ? `${feature} ${(100 * gain).toFixed(0)} % of gain`
    : `${feature}: RMSE ${rmse_rise < 0 ? '' : '+'}${roughAmount(rmse_rise)} when shuffled`;
}

function share(value: number | null): string {
  return value === null ? 'undefined' : figure(value);
}

/** Columns as wide as they need to be; a line of one cell is a heading and widens none. */
function table(rows: readonly Row[]): string {
  const cells = rows.filter(([, first, second]) => first !== '' || second !== '');
  const widths = [0, 1].map((column) => Math.max(...cells.map((it) => it[column].length)));
  return rows
    .map(([name, first, second]) =>
      `${name.padEnd(widths[0])}  ${first.padEnd(widths[1])}  ${second}`.trimEnd(),
    )
    .join('\n');
}
