import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { isIsoDate } from '../../domain/calendar/dates.ts';
import { ClvError } from '../../domain/errors.ts';
import { damageOf } from '../files/damageOf.ts';
import { namesIn } from '../files/namesIn.ts';
import { type RunKey, runOfReport, runReportName } from '../names.ts';

/** The report of a run cannot be read as what it should be. */
export class RunReportDamagedError extends ClvError {}

/** The parts of a run report that people are shown. Reports of earlier versions may lack some of them. */
const runReportSchema = z.looseObject({
  cutoff: z.string().refine(isIsoDate, 'must be a date written YYYY-MM-DD'),
  history_months: z.int(),
  pred_months: z.int(),
  model_id: z.string(),
  customers: z.number(),
  predicted_revenue: z.number(),
  /** Between which it lies in four windows of five; null for a model without such bounds. */
  predicted_revenue_bounds: z.object({ p10: z.number(), p90: z.number() }).nullable().optional(),
  /** By month of the prediction window. */
  predicted_revenue_by_month: z
    .array(z.object({ start: z.string(), end: z.string(), revenue: z.number() }))
    .optional(),
  orders: z.looseObject({
    rowsRead: z.number(),
    acceptedRows: z.number(),
    guestRows: z.number(),
    guestRevenue: z.number(),
    rejectedRows: z.number(),
    rejectsByReason: z.record(z.string(), z.number()),
    orders: z.number(),
    returns: z.number(),
    customers: z.number(),
    firstDate: z.string(),
    openingDate: z.string().optional(),
    strayOrders: z.array(z.looseObject({ customerId: z.string(), day: z.string() })).optional(),
    lastDate: z.string(),
  }),
  tiers: z.array(z.looseObject({ label: z.string(), customers: z.number() })),
  open_windows: z.looseObject({ file: z.string() }).optional(),
  files: z.array(z.looseObject({ file: z.string(), bytes: z.number(), sha256: z.string() })),
});
/** The report of a run, as far as people are shown it; amounts are in currency. */
export type RunReport = z.infer<typeof runReportSchema>;

/** A complete run and when its report was written, in ms since 1970 UTC. */
export interface CompleteRun extends RunKey {
  readonly writtenMs: number;
}

/**
 * The complete run with the latest cutoff, and of several horizons the one whose report was written last, the longer of
 * two that were written at one moment; null where no run is complete. Throws FolderUnreadableError.
 */
export async function newestCompleteRun(runReports: string): Promise<CompleteRun | null> {
  const names = await namesIn(runReports);
  const runs = names.flatMap((name) => runOfReport(name) ?? []);
  const latest = runs
    .map(({ cutoff }) => cutoff)
    .sort()
    .at(-1);
  const written = await Promise.all(
    runs
      .filter(({ cutoff }) => cutoff === latest)
      .map(async (run) => ({ ...run, writtenMs: await writtenMs(`${runReports}/${runReportName(run)}`) })),
  );
  return written.sort((a, b) => a.writtenMs - b.writtenMs || a.predMonths - b.predMonths).at(-1) ?? null;
}

/** When a file was written last; 0 for one that has been cleared away meanwhile. */
async function writtenMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Throws RunReportDamagedError. */
export async function readRunReport(runReports: string, run: RunKey): Promise<RunReport> {
  const path = `${runReports}/${runReportName(run)}`;
  try {
    return runReportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new RunReportDamagedError(
      'RUN_REPORT_DAMAGED',
      `The run report ${path} is damaged: ${damageOf(cause)}.`,
      { remedy: 'Score its cutoff again: that writes the same report.', cause },
    );
  }
}
