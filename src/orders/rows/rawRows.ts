import { closestName } from '../../domain/words/closestName.ts';
import type { Duck } from '../../tables/duck.ts';
import { sqlName, sqlPath, sqlText } from '../../tables/sqlWords.ts';
import { OrdersColumnError, OrdersSourceError } from '../errors.ts';
import { readCsvHeader, readNdjsonKeys } from '../files/fileHeader.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import type { OrdersSettings } from '../settings.ts';

/** The query for the rows of one file. */
export interface RawRows {
  /**
   * Gives order_id, customer_id, order_date, revenue and unit_price as VARCHAR, in the order of the file; whether an
   * amount was a number in the file, not text (is_revenue_number, is_price_number); and in `malformed` the line,
   * or what is wrong with it, if it does not fit its kind of file, else NULL.
   */
  readonly sql: string;
  /** Whether dates are typed in the file and not text, so that they have no format. */
  readonly hasTypedDates: boolean;
}

/** The columns that are mapped from a shop's own. `unit_price` is NULL unless revenue is quantity times price. */
const RAW_COLUMNS = ['order_id', 'customer_id', 'order_date', 'revenue', 'unit_price'] as const;
type RawColumn = (typeof RAW_COLUMNS)[number];

/**
 * How the orders of one file are read.
 *
 * Throws OrdersColumnError where a mapped column is missing, with the columns that were found and the closest match, or
 * where one holds several values; OrdersSourceError where the file cannot be opened, or is not what its name says.
 *
 * @param path where DuckDB reads it: the file itself, or a copy of its text in UTF-8.
 */
export async function selectRawRows(
  duck: Duck,
  file: SourceFile,
  settings: OrdersSettings,
  path: string,
): Promise<RawRows> {
  switch (file.kind) {
    case 'csv': {
      const { columns, delimiter } = await readCsvHeader(file);
      const sources = mapColumns(file, columns, settings);
      const text = project(sources, (name) => `column${columns.indexOf(name)}`);
      return {
        sql: `SELECT ${text}, ${areNumbers('false', 'false')}, NULL::VARCHAR AS malformed FROM ${readCsv(path, columns.length, delimiter)}`,
        hasTypedDates: false,
      };
    }
    case 'ndjson': {
      const sources = await mapKeys(duck, file, settings, path);
      const pointers = RAW_COLUMNS.map((column) => jsonPointer(sources[column] ?? ''));
      const text = project(sources, (_, column) => `fields[${RAW_COLUMNS.indexOf(column) + 1}]`);
      // One call for all fields, so that a line is parsed once.
      const fields = `json_extract_string(line, [${pointers.map(sqlText).join(', ')}])`;
      const customer = 'fields[2]';
      const customerType = `json_type(line, ${sqlText(pointers[1])})`;
      // An id that begins with a brace may still be text, so only these are parsed again.
      const nestedCustomer = `CASE WHEN starts_with(${customer}, '{') OR starts_with(${customer}, '[')
        THEN CASE WHEN ${customerType} IN ('OBJECT', 'ARRAY') THEN 'The customer has several values: ' || ${customer} END END`;
      const isNumber = (column: RawColumn): string =>
        sources[column] === null
          ? 'false'
          : `json_type(line, ${sqlText(jsonPointer(sources[column]))}) <> 'VARCHAR'`;
      return {
        sql: `SELECT ${text}, is_revenue_number, is_price_number, malformed
          FROM (SELECT fields, ${areNumbers(isNumber('revenue'), isNumber('unit_price'))}, coalesce(malformed, ${nestedCustomer}) AS malformed
            FROM (SELECT line, ${fields} AS fields, malformed FROM ${readLines(path)}))`,
        hasTypedDates: false,
      };
    }
    case 'parquet': {
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
        sql: `SELECT ${text}, ${areNumbers(isNumber('revenue'), isNumber('unit_price'))}, NULL::VARCHAR AS malformed FROM read_parquet(${sqlPath(file.path)})`,
        hasTypedDates: /^(DATE|TIMESTAMP)/.test(typeOf('order_date')),
      };
    }
  }
}

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

function areNumbers(revenue: string, price: string): string {
  return `${revenue} AS is_revenue_number, ${price} AS is_price_number`;
}

/** Whether a name of a column is rather the date of an order. */
function looksLikeData(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{4}/.test(name.trim());
}

type ColumnSources = Record<RawColumn, string | null>;

function mapColumns(file: SourceFile, found: readonly string[], settings: OrdersSettings): ColumnSources {
  const { customerId, orderDate, revenue, orderId } = settings.columns;
  const pick = (key: string, name: string): string => {
    const first = found.indexOf(name);
    if (first >= 0 && found.lastIndexOf(name) === first) return name;
    if (first >= 0) {
      throw new OrdersColumnError('ORDERS_COLUMN_TWICE', `${file.path} has the column "${name}" twice.`, {
        remedy: 'Rename one of the two, so that it is clear which one is meant.',
      });
    }
    if (found.some(looksLikeData)) {
      throw new OrdersColumnError(
        'ORDERS_COLUMN_MISSING',
        `${file.path} has no column "${name}" (data.columns.${key}): its first row holds ${found.join(', ')}, which looks like an order and not like names of columns.`,
        {
          remedy:
            'Write the names of the columns in a row above it, for example customer_id,order_date,revenue',
          values: { file: file.path, wanted: name, found, closest: null },
        },
      );
    }
    const closest = closestName(name, found);
    const hint = closest === null ? '' : ` The closest is "${closest}".`;
    throw new OrdersColumnError(
      'ORDERS_COLUMN_MISSING',
      `${file.path} has no column "${name}" (data.columns.${key}). It has: ${found.join(', ')}.${hint}`,
      {
        remedy: `Set data.columns.${key} in config/model_config.yaml to ${closest === null ? 'the column that holds it' : `"${closest}"`}.`,
        values: { file: file.path, wanted: name, found, closest },
      },
    );
  };
  const isProduct = typeof revenue !== 'string';
  return {
    order_id: optionalOrderId(),
    customer_id: pick('customer_id', customerId),
    order_date: pick('order_date', orderDate),
    revenue: isProduct ? pick('revenue.quantity', revenue.quantity) : pick('revenue', revenue),
    unit_price: isProduct ? pick('revenue.unit_price', revenue.unitPrice) : null,
  };

  /**
   * The order id is optional under its usual name, but not if the config names another one or lines are summed by it.
   */
  function optionalOrderId(): string | null {
    if (orderId === null) return null;
    if (orderId === 'order_id' && settings.grain === 'order' && !found.includes(orderId)) return null;
    return pick('order_id', orderId);
  }
}

function project(sources: ColumnSources, read: (name: string, column: RawColumn) => string): string {
  return RAW_COLUMNS.map((column) => {
    const name = sources[column];
    return `${name === null ? 'NULL::VARCHAR' : read(name, column)} AS ${column}`;
  }).join(', ');
}

/**
 * Columns are named by their place, because in a shop's file those that are not used may have no name, or one name
 * twice.
 */
function readCsv(path: string, columns: number, delimiter: string): string {
  const types = Array.from({ length: columns }, (_, i) => `column${i}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    'header = true',
    `delim = ${sqlText(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `columns = {${types}}`,
    'store_rejects = true',
  ];
  return `read_csv(${sqlPath(path)}, ${options.join(', ')})`;
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
    `SELECT DISTINCT unnest(json_keys(line)) AS key FROM ${readLines(path)} ORDER BY key`,
  );
  return mapColumns(file, [...new Set([...first, ...all.map(({ key }) => key)])], settings);
}

/** The JSON pointer (RFC 6901) to a key: unlike DuckDB's own paths it can hold any name. */
function jsonPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** NDJSON is read as lines, so that a broken one keeps its row number and becomes a reject. */
function readLines(path: string): string {
  const options = [
    'auto_detect = false',
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

async function describeParquet(
  duck: Duck,
  file: SourceFile,
): Promise<{ column_name: string; column_type: string }[]> {
  try {
    return await duck.rows(`DESCRIBE SELECT * FROM read_parquet(${sqlPath(file.path)})`);
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
      `SELECT 1 FROM read_parquet(${sqlPath(file.path)}) WHERE ${sqlName(name)} IS NOT NULL AND TRY(decode(${sqlName(name)})) IS NULL LIMIT 1`,
    );
    if (others.length === 0) texts.add(name);
  }
  return texts;
}

/**
 * The SQL for a Parquet column as text. Whole numbers stay whole, so that the customer 13085.0 is 13085 and never
 * 1.3085e+04. NaN is how data frames write a missing value, so as a customer it is a guest; an infinite number is no
 * customer. A customer in a float of 32 bits that is not exact is written with an exponent, by which it is recognised
 * later on.
 */
function asText(name: string, type: string, usedAs: RawColumn): string {
  const column = sqlName(name);
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
