import { columnOf, type FeatureMatrix } from '../../domain/features/matrix.ts';
import { sharedFloats } from '../../domain/sharedFloats.ts';
import { Duck } from '../../tables/duck.ts';
import { sqlName } from '../../tables/sqlWords.ts';
import { type Cell, csvTableSql, type WrittenFile, writeCsv } from '../files/csvFile.ts';
import { MONEY_DIGITS, rounded } from '../files/roundedNumber.ts';

/** The numbers of the plain prediction columns, in the order of the file. */
const NUMBER_COLUMNS = [
  'predicted_clv',
  'tenure_days',
  'recency_days',
  'mean_days_between_orders',
  'std1_days_between_orders',
  'median_days_between_orders',
] as const;
type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** The columns that every file with one row a customer begins with. */
const PLAIN_COLUMNS = ['customer_id', ...NUMBER_COLUMNS] as const;

/** Money is written to the millionth, days and gaps to the billionth: finer digits are noise of binary fractions. */
const DIGITS: Partial<Record<NumberColumn, number>> = { predicted_clv: MONEY_DIGITS };
const DEFAULT_DIGITS = 9;

/** One prediction a customer and the numbers that segments are made of; every column has one entry a row. NaN is missing. */
export interface Predictions {
  readonly customerIds: readonly string[];
  readonly numbers: Readonly<Record<NumberColumn, Float64Array>>;
}

/** The predictions of the customers of a feature matrix. @param predictedClv one number a row, in currency. */
export function predictionsOf(
  customerIds: readonly string[],
  matrix: FeatureMatrix,
  predictedClv: Float64Array,
): Predictions {
  const numbers = Object.fromEntries(
    NUMBER_COLUMNS.map((name) => [name, name === 'predicted_clv' ? predictedClv : columnOf(matrix, name)]),
  );
  return { customerIds, numbers: numbers as Predictions['numbers'] };
}

/**
 * Writes the plain columns and, after them, `extra` columns computed per row.
 * Throws FileWriteError; never leaves half a file.
 */
export function writePredictions(
  path: string,
  predictions: Predictions,
  extraColumns: readonly string[] = [],
  extraCells: (row: number) => readonly Cell[] = () => [],
): Promise<WrittenFile> {
  const columns = NUMBER_COLUMNS.map((name) => ({
    values: predictions.numbers[name],
    digits: DIGITS[name] ?? DEFAULT_DIGITS,
  }));
  return writeCsv(path, [...PLAIN_COLUMNS, ...extraColumns], predictions.customerIds.length, (row) => [
    predictions.customerIds[row],
    ...columns.map(({ values, digits }) => rounded(values[row], digits)),
    ...extraCells(row),
  ]);
}

/** Reads the plain columns of a file with one row a customer, and `extra` columns of numbers after them. */
export async function readPredictions(
  path: string,
  rows: number,
  extraColumns: readonly string[] = [],
): Promise<Predictions & { readonly extra: Readonly<Record<string, Float64Array>> }> {
  using duck = await Duck.open({ threads: 1 });
  const names = [...NUMBER_COLUMNS, ...extraColumns];
  const target = sharedFloats(rows * names.length);
  const numbers = names.map((name) => `CAST(${sqlName(name)} AS DOUBLE) AS ${sqlName(name)}`);
  const [customerIds] = await duck.readColumns(
    `SELECT customer_id, ${numbers.join(', ')} FROM ${csvTableSql(path)}`,
    target,
    rows,
    1,
  );
  const column = (name: string): Float64Array => {
    const index = names.indexOf(name);
    return target.subarray(index * rows, (index + 1) * rows);
  };
  return {
    customerIds,
    numbers: Object.fromEntries(NUMBER_COLUMNS.map((name) => [name, column(name)])) as Predictions['numbers'],
    extra: Object.fromEntries(extraColumns.map((name) => [name, column(name)])),
  };
}
