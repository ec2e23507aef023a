import type { Duck } from '../../tables/duck.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';
import { selectCsvRows } from './csvRows.ts';
import { selectNdjsonRows } from './ndjsonRows.ts';
import { selectParquetRows } from './parquetRows.ts';
import type { RawRows } from './rawColumns.ts';

/**
 * How the orders of one file are read.
 *
 * Throws OrdersColumnError where a mapped column is missing, with the columns that were found and the closest match, or
 * where one holds several values; OrdersSourceError where the file cannot be opened, or is not what its name says.
 *
 * @param path where DuckDB reads it: the file itself, or a copy of its text in UTF-8.
 */
export function selectRawRows(
  duck: Duck,
  file: SourceFile,
  settings: OrdersSettings,
  path: string,
): Promise<RawRows> {
  switch (file.kind) {
    case 'csv':
      return selectCsvRows(file, settings, path);
    case 'ndjson':
      return selectNdjsonRows(duck, file, settings, path);
    case 'parquet':
      return selectParquetRows(duck, file, settings);
  }
}
