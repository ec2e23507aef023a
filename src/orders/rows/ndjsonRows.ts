import type { Duck } from '../../tables/duck.ts';
import { sqlPath, sqlText } from '../../tables/sqlWords.ts';
import { readNdjsonKeys } from '../files/fileHeader.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';
import { mapColumns } from './mapColumns.ts';
import {
  areNumbers,
  type ColumnSources,
  project,
  RAW_COLUMNS,
  type RawColumn,
  type RawRows,
} from './rawColumns.ts';
import { compressionOf, NO_PARTITIONS } from './readOptions.ts';

/** How a file with an object a line is read. @param path of the file, or of a copy of its text in UTF-8. */
export async function selectNdjsonRows(
  duck: Duck,
  file: SourceFile,
  settings: OrdersSettings,
  path: string,
): Promise<RawRows> {
  const sources = await mapKeys(duck, file, settings, path);
  const pointers = RAW_COLUMNS.map((column) => jsonPointer(sources[column] ?? ''));
  const text = project(sources, (_, column) =>
    column === 'customer_id' ? 'customer' : `fields[${RAW_COLUMNS.indexOf(column) + 1}]`,
  );
  // One call for all fields, so that a line is parsed once.
  const fields = `json_extract_string(line, [${pointers.map(sqlText).join(', ')}])`;
  const customer = 'fields[2]';
  const customerType = `json_type(line, ${sqlText(pointers[1])})`;
  // An id that begins with a brace may still be text, so only these are parsed again.
  const nestedCustomer = `CASE WHEN starts_with(${customer}, '{') OR starts_with(${customer}, '[')
    THEN CASE WHEN ${customerType} IN ('OBJECT', 'ARRAY') THEN 'The customer has several values: ' || ${customer} END END`;
  // Numbers beyond all whole ones are written as other readers write them, by which they are recognised later on.
  const plainCustomer = `CASE WHEN (regexp_full_match(${customer}, '-?[0-9]([.][0-9]+)?e[0-9]+') OR ${customer} IN ('Infinity', '-Infinity'))
      AND ${customerType} = 'DOUBLE'
    THEN replace(replace(replace(${customer}, 'e', 'e+'), '-Infinity', '-inf'), 'Infinity', '+inf') ELSE ${customer} END`;
  const isNumber = (column: RawColumn): string =>
    sources[column] === null
      ? 'false'
      : `json_type(line, ${sqlText(jsonPointer(sources[column]))}) <> 'VARCHAR'`;
  return {
    sql: `SELECT ${text}, is_revenue_number, is_price_number, malformed
      FROM (SELECT fields, ${areNumbers(isNumber('revenue'), isNumber('unit_price'))}, coalesce(malformed, ${nestedCustomer}) AS malformed, ${plainCustomer} AS customer
        FROM (SELECT line, ${fields} AS fields, malformed FROM ${readLines(path, compressionOf(file, path))}))`,
    hasTypedDates: false,
  };
}

/**
 * Maps the columns by the keys of the first object, or by those of all objects if these do not suffice: an object may
 * leave out keys without a value, such as the customer of a guest.
 */
async function mapKeys(
  duck: Duck,
  file: SourceFile,
  settings: OrdersSettings,
  path: string,
): Promise<ColumnSources> {
  const first = await readNdjsonKeys(file);
  const { customerId, orderDate, revenue, orderId } = settings.columns;
  const amounts = typeof revenue === 'string' ? [revenue] : [revenue.quantity, revenue.unitPrice];
  const wanted = [customerId, orderDate, ...amounts, ...(orderId === null ? [] : [orderId])];
  if (wanted.every((name) => first.includes(name))) return mapColumns(file, first, settings);
  const all = await duck.rows<{ key: string }>(
    `SELECT DISTINCT unnest(json_keys(line)) AS key FROM ${readLines(path, compressionOf(file, path))} ORDER BY key`,
  );
  return mapColumns(file, [...new Set([...first, ...all.map(({ key }) => key)])], settings);
}

/** The JSON pointer (RFC 6901) to a key: unlike DuckDB's own paths it can hold any name. */
function jsonPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** NDJSON is read as lines, so that a broken one keeps its row number and becomes a reject. */
function readLines(path: string, compression: string): string {
  const options = [
    'auto_detect = false',
    compression,
    NO_PARTITIONS,
    'header = false',
    "delim = '\\x01'",
    "quote = ''",
    "escape = ''",
    "columns = {'line': 'VARCHAR'}",
    // Lenient, because lines of JSON may end in different ways; it does no harm, because no quotes are parsed.
    'strict_mode = false',
    'store_rejects = true',
  ];
  const lines = `read_csv(${sqlPath(path)}, ${options.join(', ')})`;
  const isObject = "(json_valid(line) AND starts_with(ltrim(line, ' ' || chr(9)), '{'))";
  return `(SELECT CASE WHEN ${isObject} THEN line ELSE '{}' END AS line,
    CASE WHEN NOT ${isObject} THEN line END AS malformed FROM ${lines} WHERE trim(line) <> '')`;
}
