import { stringify } from 'csv-stringify/sync';
import { appendLine } from '../artefacts/files/appendLine.ts';
import { splitCsvLine } from '../artefacts/files/csvLine.ts';
import type { Home } from '../config/home.ts';
import type { DriftReason } from '../domain/drift/compareWithBaseline.ts';
import { type DriftResult, isSameWindow } from '../domain/drift/driftResult.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';
import { readLedgerText, setAsideTornLine } from '../registry/ledgerFile.ts';
import { driftFigures } from './driftFigures.ts';

/** `drift_history.csv` holds a line that is not a row of it. */
export class DriftHistoryDamagedError extends ClvError {}

const COLUMNS = [
  ...['cutoff', 'pred_months', 'window_end', 'model_id', 'status', 'reasons'],
  ...['rmse', 'baseline_rmse', 'rmse_rise', 'rmse_threshold'],
  ...['r2', 'baseline_r2', 'r2_drop', 'r2_basis', 'r2_threshold'],
  ...['customers', 'mae', 'bias', 'spearman', 'normalized_gini', 'mean_actual', 'mean_predicted'],
  ...['new_customers', 'new_customers_revenue', 'actual_sha256'],
] as const;
type Column = (typeof COLUMNS)[number];
const HEADER = COLUMNS.join(',');

/** The path of the history: one row for each measured window. */
export function driftHistoryPath(home: Home): string {
  return `${home.monitoring}/drift_history.csv`;
}

/**
 * Every result that was recorded, oldest row first; a last line that was cut short does not count. A window that was
 * measured again has a row for each result, and the last one counts. Throws DriftHistoryDamagedError.
 */
export async function readDriftHistory(home: Home): Promise<DriftResult[]> {
  const path = driftHistoryPath(home);
  const [header, ...rows] = (await readLedgerText(path)).lines;
  if (header !== undefined && header !== HEADER)
    throw damaged(`The first line of ${path} is not the header that it should have: ${HEADER}.`);
  return rows.map((line, i) => parse(line, `${path}, row ${i + 1}`));
}

/**
 * The history up to and including the row of `result`, and whether that row is already in the file; if so, the row is
 * the one that was recorded. The caller holds the monitoring lock until it has appended the row.
 */
export async function historyWith(
  home: Home,
  result: DriftResult,
): Promise<{ history: DriftResult[]; isRecorded: boolean }> {
  await setAsideTornLine(driftHistoryPath(home));
  const history = await readDriftHistory(home);
  const at = history.findLastIndex((row) => isSameWindow(row, result));
  const isRecorded = at >= 0 && history[at].actualSha256 === result.actualSha256;
  return { history: isRecorded ? history.slice(0, at + 1) : [...history, result], isRecorded };
}

/** Appends one row, flushed. Throws FileWriteError. */
export async function appendDriftResult(home: Home, result: DriftResult): Promise<void> {
  await appendLine(driftHistoryPath(home), stringify([cellsOf(result)]).trimEnd(), HEADER);
}

function cellsOf(result: DriftResult): (string | number | null)[] {
  const figures = driftFigures(result);
  const cells: Record<Column, string | number | null> = { ...figures, reasons: figures.reasons.join(' ') };
  return COLUMNS.map((column) => cells[column]);
}

function parse(line: string, where: string): DriftResult {
  const cells = splitCsvLine(line);
  if (cells.length !== COLUMNS.length)
    throw damaged(`${where} has ${counted(cells.length, 'cell')} instead of ${COLUMNS.length}: "${line}".`);
  const cell = (name: Column): string => cells[COLUMNS.indexOf(name)];
  const optional = (name: Column): number | null => (cell(name) === '' ? null : number(name));
  const number = (name: Column): number => {
    const value = Number(cell(name));
    if (cell(name) === '' || !Number.isFinite(value))
      throw damaged(`${where} has "${cell(name)}" as ${name}, which is no number.`);
    return value;
  };
  return {
    cutoff: cell('cutoff'),
    predMonths: number('pred_months'),
    windowEnd: cell('window_end'),
    modelId: cell('model_id'),
    metrics: {
      customers: number('customers'),
      rmse: number('rmse'),
      mae: number('mae'),
      bias: optional('bias'),
      r2: optional('r2'),
      spearman: optional('spearman'),
      normalizedGini: optional('normalized_gini'),
      meanActual: number('mean_actual'),
      meanPredicted: number('mean_predicted'),
    },
    baseline: { rmse: number('baseline_rmse'), r2: optional('baseline_r2') },
    thresholds: { rmse: number('rmse_threshold'), r2: number('r2_threshold') },
    comparison: {
      rmseRise: optional('rmse_rise'),
      r2Drop: optional('r2_drop'),
      r2Basis: (cell('r2_basis') || null) as DriftResult['comparison']['r2Basis'],
      reasons: cell('reasons').split(' ').filter(Boolean) as DriftReason[],
    },
    newCustomers: { customers: number('new_customers'), revenue: number('new_customers_revenue') },
    actualSha256: cell('actual_sha256'),
  };
}

function damaged(message: string): DriftHistoryDamagedError {
  return new DriftHistoryDamagedError('DRIFT_HISTORY_DAMAGED', message, {
    remedy: 'Restore the file from a backup; it is only ever appended to.',
  });
}
