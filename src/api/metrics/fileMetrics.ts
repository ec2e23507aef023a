import { readdir, readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { readDriftHistory } from '../../alerts/driftHistory.ts';
import { runOfReport } from '../../artefacts/names.ts';
import { calendarOf } from '../../config/calendarSettings.ts';
import type { Home } from '../../config/home.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { nextSlot } from '../../domain/calendar/cadence.ts';
import { instantOf, isIsoDate } from '../../domain/calendar/dates.ts';
import { type DriftResult, isAlert, standingResults } from '../../domain/drift/driftResult.ts';
import { gauge, type Metric } from './exposition.ts';

/** What the files of a home tell: the last complete run, drift, and when the next run begins. */
export async function fileMetrics(home: Home, nowMs: number): Promise<Metric[]> {
  const [run, slot, drift] = await Promise.all([
    lastRunMetrics(home),
    scheduleMetrics(home, nowMs),
    driftMetrics(home),
  ]);
  return [...run, ...slot, ...drift];
}

const reportSchema = z.looseObject({
  cutoff: z.string().refine(isIsoDate),
  model_id: z.string(),
  customers: z.number(),
  predicted_revenue: z.number(),
  orders: z.looseObject({ rowsRead: z.number(), rejectedRows: z.number() }),
  population_stability: z
    .discriminatedUnion('is_available', [
      z.looseObject({ is_available: z.literal(false) }),
      z.looseObject({
        is_available: z.literal(true),
        variables: z.array(z.looseObject({ variable: z.string(), psi: z.number() })),
      }),
    ])
    .optional(),
});

/** Of the run whose report was written last: a run that is not complete writes none. */
async function lastRunMetrics({ runReports }: Home): Promise<Metric[]> {
  const names = (await readdir(runReports).catch(() => [])).filter((name) => runOfReport(name) !== null);
  const written = await Promise.all(
    names.map(async (name) => ({ name, ms: (await stat(`${runReports}/${name}`)).mtimeMs })),
  );
  const last = written.sort((a, b) => a.ms - b.ms).at(-1);
  if (last === undefined) return [];
  const parsed = reportSchema.safeParse(await readJson(`${runReports}/${last.name}`));
  if (!parsed.success) return [];
  const { cutoff, customers, predicted_revenue, orders, population_stability } = parsed.data;
  return [
    gauge(
      'clv_last_run_timestamp_seconds',
      'When the last complete run ended, in seconds since 1970 UTC.',
      Math.floor(last.ms) / 1000,
    ),
    gauge(
      'clv_last_run_cutoff_timestamp_seconds',
      'The cutoff of the last complete run: 00:00 UTC of that day, in seconds since 1970 UTC.',
      instantOf(cutoff, 0, 'UTC') / 1000,
    ),
    gauge('clv_last_run_customers', 'Customers that the last complete run scored.', customers),
    gauge(
      'clv_last_run_predicted_revenue',
      'Sum of the predictions of the last complete run, in currency.',
      predicted_revenue,
    ),
    gauge('clv_last_run_order_rows', 'Rows of orders that the last complete run read.', orders.rowsRead),
    gauge(
      'clv_last_run_rejected_rows',
      'Rows of orders that the last complete run could not use.',
      orders.rejectedRows,
    ),
    {
      name: 'clv_psi_max',
      type: 'gauge',
      help: 'Largest population stability index of the last complete run, over the features and for the predictions.',
      samples: population_stability?.is_available === true ? psiSamples(population_stability.variables) : [],
    },
  ];
}

function psiSamples(variables: readonly { variable: string; psi: number }[]): Metric['samples'] {
  const isPrediction = ({ variable }: { variable: string }): boolean => variable === 'predicted_clv';
  const features = variables.filter((it) => !isPrediction(it));
  return [
    { labels: { of: 'features' }, value: Math.max(0, ...features.map(({ psi }) => psi)) },
    ...variables.filter(isPrediction).map(({ psi }) => ({ labels: { of: 'predictions' }, value: psi })),
  ];
}

async function scheduleMetrics(home: Home, nowMs: number): Promise<Metric[]> {
  const config = await loadConfig(home).catch(() => null);
  const calendar = config === null ? null : calendarOf(config);
  return [
    gauge(
      'clv_config_valid',
      '1 where config/model_config.yaml can be used, else 0.',
      config === null ? 0 : 1,
    ),
    gauge(
      'clv_next_slot_timestamp_seconds',
      'When the calendar begins the next run, in seconds since 1970 UTC.',
      calendar === null ? null : nextSlot(calendar, nowMs).epochMs / 1000,
    ),
  ];
}

/** Of the window of each model that matured last. A damaged history tells nothing; the job that reads it fails loudly. */
async function driftMetrics(home: Home): Promise<Metric[]> {
  const history = await readDriftHistory(home).catch(() => []);
  const last = new Map(standingResults(history).map((result) => [result.modelId, result]));
  const perModel = (
    name: string,
    help: string,
    figureOf: (result: DriftResult) => number | null,
  ): Metric => ({
    name,
    type: 'gauge',
    help,
    samples: [...last].flatMap(([model_id, result]) => {
      const value = figureOf(result);
      return value === null ? [] : [{ labels: { model_id }, value }];
    }),
  });
  return [
    perModel(
      'clv_drift_rmse_rise',
      'Rise of the RMSE over the baseline in the last matured window of the model, as a share of the baseline.',
      ({ comparison }) => comparison.rmseRise,
    ),
    perModel(
      'clv_drift_r2_drop',
      'Fall of R² below the baseline in the last matured window of the model: a share of a positive baseline, else absolute.',
      ({ comparison }) => comparison.r2Drop,
    ),
    perModel(
      'clv_drift_alert',
      '1 where the last matured window of the model raised a drift alert, else 0.',
      (result) => (isAlert(result) ? 1 : 0),
    ),
  ];
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
