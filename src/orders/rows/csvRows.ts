import { sqlPath, sqlText } from '../../tables/sqlWords.ts';
import { readCsvHeader } from '../files/fileHeader.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';
import { mapColumns } from './mapColumns.ts';
import { areNumbers, project, type RawRows } from './rawColumns.ts';
import { compressionOf, NO_PARTITIONS } from './readOptions.ts';

/** How a CSV file is read. @param path of the file, or of a copy of its text in UTF-8. */
export async function selectCsvRows(
  file: SourceFile,
  settings: OrdersSettings,
  path: string,
): Promise<RawRows> {
  const { columns, delimiter } = await readCsvHeader(file);
  const sources = mapColumns(file, columns, settings);
  const text = project(sources, (name) => `column${columns.indexOf(name)}`);
  return {
    sql: `SELECT ${text}, ${areNumbers('false', 'false')}, NULL::VARCHAR AS malformed FROM ${readCsv(path, { columns: columns.length, delimiter, compression: compressionOf(file, path) })}`,
    hasTypedDates: false,
  };
}

/**
 * Columns are named by their place, because in a shop's file those that are not used may have no name, or one name
 * twice.
 */
function readCsv(
  path: string,
  { columns, delimiter, compression }: { columns: number; delimiter: string; compression: string },
): string {
  const types = Array.from({ length: columns }, (_, i) => `column${i}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    compression,
    NO_PARTITIONS,
    'header = true',
    `delim = ${sqlText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `columns = {${types}}`,
    'store_rejects = true',
  ];
  return `read_csv(${sqlPath(path)}, ${options.join(', ')})`;
}
