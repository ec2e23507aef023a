import type { Duck } from '../../tables/duck.ts';
import { sqlName, sqlPath } from '../../tables/sqlWords.ts';
import { OrdersColumnError, OrdersSourceError } from '../errors.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';
import { mapColumns } from './mapColumns.ts';
import { areNumbers, type ColumnSources, project, type RawColumn, type RawRows } from './rawColumns.ts';
import { NO_PARTITIONS } from './readOptions.ts';

/** How a Parquet file is read. */
export async function selectParquetRows(
  duck: Duck,
  file: SourceFile,
  settings: OrdersSettings,
): Promise<RawRows> {
  const described = await describeParquet(duck, file);
  const types = new Map(described.map((column) => [column.column_name, column.column_type]));
  const sources = mapColumns(file, [...types.keys()], settings);
  demandSingleValues(file, sources, types);
  const blobs = await blobsOfText(duck, file, sources, types);
  const typeOf = (column: RawColumn): string => types.get(sources[column] ?? '') ?? '';
  const text = project(sources, (name, column) =>
    blobs.has(name) ? `decode(${sqlName(name)})` : asText(name, typeOf(column), column),
  );
  const isNumber = (column: RawColumn): string => String(NUMBER_TYPE.test(typeOf(column)));
  return {
    sql: `SELECT ${text}, ${areNumbers(isNumber('revenue'), isNumber('unit_price'))}, NULL::VARCHAR AS malformed FROM ${readParquet(file)}`,
    hasTypedDates: /^(DATE|TIMESTAMP)/.test(typeOf('order_date')),
  };
}

function readParquet({ path }: SourceFile): string {
  return `read_parquet(${sqlPath(path)}, ${NO_PARTITIONS})`;
}

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

async function describeParquet(
  duck: Duck,
  file: SourceFile,
): Promise<{ column_name: string; column_type: string }[]> {
  try {
    return await duck.rows(`DESCRIBE SELECT * FROM ${readParquet(file)}`);
  } catch (cause) {
    throw new OrdersSourceError(
      'ORDERS_FILE_DAMAGED',
      `${file.path} cannot be read as Parquet: ${(cause as Error).message.split('\n')[0]}`,
      {
        remedy: 'Copy it again from where it was made.',
        cause,
      },
    );
  }
}

const NESTED_TYPE = /^(STRUCT|MAP|UNION)|\]$/;

/**
 * Throws OrdersColumnError where a column has objects or lists, which as text would become meaningless ids and amounts.
 */
function demandSingleValues(
  file: SourceFile,
  sources: ColumnSources,
  types: ReadonlyMap<string, string>,
): void {
  for (const name of Object.values(sources)) {
    const type = name === null ? undefined : types.get(name);
    if (type === undefined || !NESTED_TYPE.test(type)) continue;
    throw new OrdersColumnError(
      'ORDERS_COLUMN_NESTED',
      `The column "${name}" of ${file.path} has several values a row: ${type}.`,
      {
        remedy: 'Export the one that is meant as a column of its own.',
        values: { file: file.path, name, type },
      },
    );
  }
}

/** The needed columns whose type is bytes and whose content is text: some programs write text to Parquet like that. */
async function blobsOfText(
  duck: Duck,
  file: SourceFile,
  sources: ColumnSources,
  types: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const texts = new Set<string>();
  for (const name of Object.values(sources)) {
    if (name === null || types.get(name) !== 'BLOB') continue;
    const others = await duck.rows(
      `SELECT 1 FROM ${readParquet(file)} WHERE ${sqlName(name)} IS NOT NULL AND TRY(decode(${sqlName(name)})) IS NULL LIMIT 1`,
    );
    if (others.length === 0) texts.add(name);
  }
  return texts;
}

/**
 * The SQL for a Parquet column as text. Whole numbers stay whole, so that the customer 13085.0 is 13085 and never
 * 1.3085e+04; a decimal is exact, however long it is. NaN is how data frames write a missing value, so as a customer it is a guest; an infinite number is no
 * customer. A customer in a float of 32 bits that is not exact is written with an exponent, by which it is recognised
 * later on.
 */
function asText(name: string, type: string, usedAs: RawColumn): string {
  const column = sqlName(name);
  const isId = usedAs === 'customer_id' || usedAs === 'order_id';
  if (isId && type.startsWith('DECIMAL')) return `regexp_replace(CAST(${column} AS VARCHAR), '[.]0+$', '')`;
  if (!/^(DOUBLE|FLOAT)/.test(type)) return `CAST(${column} AS VARCHAR)`;
  const inexact =
    type === 'FLOAT' && usedAs === 'customer_id'
      ? `WHEN isfinite(${column}) AND abs(${column}) >= ${LEAST_INEXACT_FLOAT} THEN printf('%.8e', CAST(${column} AS DOUBLE))`
      : '';
  // With its sign, as nobody writes a name.
  const endless =
    usedAs === 'customer_id'
      ? `WHEN isinf(${column}) THEN CASE WHEN ${column} > 0 THEN '+inf' ELSE '-inf' END`
      : '';
  return `CASE WHEN isnan(${column}) THEN NULL ${endless} ${inexact} WHEN ${column} = trunc(${column}) AND abs(${column}) < 1e15 THEN CAST(CAST(${column} AS BIGINT) AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`;
}

/** From here on two whole numbers may be one float of 32 bits. */
const LEAST_INEXACT_FLOAT = 2 ** 24;
