import { rm } from 'node:fs/promises';
import { ClvError } from '../domain/errors.ts';
import { columnOf, type FeatureMatrix } from '../domain/features/matrix.ts';
import { Duck } from '../tables/duck.ts';
import { sqlPath, sqlText } from '../tables/sqlWords.ts';
import { writeCsv } from './files/csvFile.ts';
import { replaceFileBy } from './files/replaceFile.ts';
import { sweepBeside, temporaryName } from './files/temporaryFiles.ts';

/**
 * Writes features, and labels where given, with full precision as .csv or .parquet: one row a customer, missing values
 * empty. What killed processes left in its folder is cleared away. Throws FileWriteError, and ClvError `FEATURES_KIND`
 * for another ending.
 */
export async function writeFeatureTable(
  path: string,
  customerIds: readonly string[],
  matrix: FeatureMatrix,
  labels: Float64Array | null,
): Promise<void> {
  const columns = matrix.featureNames.map((name) => columnOf(matrix, name) as Float64Array);
  if (labels !== null) columns.push(labels);
  const header = ['customer_id', ...matrix.featureNames, ...(labels === null ? [] : ['actual_clv'])];
  const write = (target: string) =>
    writeCsv(target, header, customerIds.length, (row) => [
      customerIds[row],
      ...columns.map((column) => column[row]),
    ]);
  if (!/\.(csv|parquet)$/.test(path)) {
    throw new ClvError('FEATURES_KIND', `${path} is neither .csv nor .parquet.`, {
      remedy: 'Give --out a name that ends in one of the two.',
    });
  }
  await sweepBeside(path);
  if (path.endsWith('.csv')) {
    await write(path);
    return;
  }
  const csv = temporaryName(path);
  try {
    await write(csv);
    await convertToParquet(csv, path, header);
  } finally {
    // What kept it from being written is told, and not that it cannot be removed either.
    await rm(csv, { force: true }).catch(() => undefined);
  }
}

async function convertToParquet(csv: string, path: string, header: readonly string[]): Promise<void> {
  const types = header
    .map((name) => `${sqlText(name)}: '${name === 'customer_id' ? 'VARCHAR' : 'DOUBLE'}'`)
    .join(', ');
  using duck = await Duck.open({ threads: 2 });
  await replaceFileBy(path, (temporary) =>
    duck.run(`COPY (SELECT * FROM read_csv(${sqlPath(csv)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${types}}))
      TO ${sqlText(temporary)} (FORMAT parquet)`),
  );
}
