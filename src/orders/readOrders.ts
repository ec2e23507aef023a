import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Clock } from '../domain/calendar/clock.ts';
import { dateInZone } from '../domain/calendar/dates.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';
import { Duck } from '../tables/duck.ts';
import { OrdersRejectedError, OrdersSourceError } from './errors.ts';
import { identifyEncoding } from './files/identifyEncoding.ts';
import { demandEqualLineEnds, hasMixedLineFeeds } from './files/lineEnds.ts';
import { demandShortLines } from './files/longLines.ts';
import { readUnchanged } from './files/readUnchanged.ts';
import type { SourceFile } from './files/sourceFile.ts';
import { assertGzipWhole, findSourceFiles } from './files/sourceFiles.ts';
import { withTextCopy } from './files/textCopy.ts';
import { isOfSystem, unreadableFile } from './files/unreadableFile.ts';
import { OrderBook } from './orderBook.ts';
import { buildOrderTables } from './queries/orderTables.ts';
import { countNullIds, reportOrders } from './reportOrders.ts';
import { demandOneCurrency, demandOneReading, explainUnreadableAmounts } from './rows/amountNotation.ts';
import { demandDateFormat, explainUnreadableDates } from './rows/dateFormats.ts';
import {
  countMalformedRows,
  forgetMalformedRows,
  makeMalformedRows,
  takeMalformedRows,
} from './rows/malformedRows.ts';
import { parseRowsSql, type RejectReason } from './rows/parseRows.ts';
import { selectRawRows } from './rows/rawRows.ts';
import { describeRejects, type RejectedRow, Rejects, type RejectsOfReason } from './rows/rejects.ts';
import { numberRows, type Place } from './rows/rowNumbers.ts';
import type { OrdersSettings } from './settings.ts';

/** What reading orders needs beside the orders. */
export interface ReadOrdersOptions {
  readonly clock: Clock;
  readonly threads: number;
  /** The folder where DuckDB puts what does not fit in memory. */
  readonly spillFolder?: string;
  /**
   * Called with all rows that cannot be used, some at a time, before their share is judged, so that they are recorded
   * even if reading fails; returns the name of the file that they were written to.
   */
  readonly quarantine: (rejects: AsyncIterable<readonly RejectedRow[]>) => Promise<string>;
}

/**
 * Reads and validates a shop's orders. Close the book when done with it.
 *
 * Throws OrdersSourceError, OrdersChangedError, OrdersColumnError, DateFormatError, AmountFormatError or
 * OrdersRejectedError; each names the file, the row and what to do.
 */
export async function readOrders(settings: OrdersSettings, options: ReadOrdersOptions): Promise<OrderBook> {
  const found = await findSourceFiles(settings.source);
  return readUnchanged(
    found,
    () => readFiles(found, settings, options),
    (book) => book.close(),
  );
}

async function readFiles(
  found: readonly SourceFile[],
  settings: OrdersSettings,
  options: ReadOrdersOptions,
): Promise<OrderBook> {
  const duck = await Duck.open(options);
  try {
    await demandDateFormat(duck, settings.dateFormat);
    const files = await Promise.all(found.map((file) => identifyEncoding(file, settings.encoding)));
    await parseFiles(duck, files, settings, options);
    const rowsUsable = await buildOrderTables(duck, settings);
    const numberOf = await numberRows(duck, files);
    const rejects = new Rejects(duck, files, numberOf);
    const byReason = await rejects.byReason();
    const place: Place = async (file, id) => `${files[file].name} row ${(await numberOf(file))(id)}`;
    if (byReason.length > 0) {
      await judgeRejects(duck, { rejects, byReason, place }, settings, options);
    }
    await demandOneReading(duck, settings.decimalMark, place);
    await demandOneCurrency(duck, place);
    if (!rowsUsable) {
      throw await noOrders(duck, byReason, settings);
    }
    const report = await reportOrders(duck, {
      files: files.map((file) => file.name),
      nullIds: settings.nullIds,
    });
    return new OrderBook(duck, report);
  } catch (error) {
    duck.close();
    throw error;
  }
}

/** Fills the tables `parsed` and `malformed`, one row a source row, in the order of the files. */
async function parseFiles(
  duck: Duck,
  files: readonly SourceFile[],
  settings: OrdersSettings,
  options: ReadOrdersOptions,
): Promise<void> {
  const today = dateInZone(options.clock.now(), settings.timezone);
  const copies = options.spillFolder ?? tmpdir();
  await makeMalformedRows(duck);
  for (const [i, file] of files.entries()) {
    const load = async (path: string): Promise<void> => {
      const select = parseRowsSql(await selectRawRows(duck, file, settings, path), i, settings, today);
      await duck.run(i === 0 ? `CREATE TABLE parsed AS ${select}` : `INSERT INTO parsed ${select}`);
    };
    // Both read the file at the same time; damaged gzip is reported as such rather than as the broken row that it ends
    // in.
    const [wholeResult, loadResult] = await Promise.allSettled([
      assertWhole(file),
      loadText(duck, file, copies, load),
    ]);
    if (wholeResult.status === 'rejected') throw await explainFailure(file, wholeResult.reason);
    if (loadResult.status === 'rejected') throw await explainFailure(file, loadResult.reason);
    await takeMalformedRows(duck, file, i);
  }
}

/** Loads the file itself where DuckDB can read it, which is nearly always the case; else a copy of its text. */
async function loadText(
  duck: Duck,
  file: SourceFile,
  copies: string,
  load: (path: string) => Promise<void>,
): Promise<void> {
  const attempt = (hasEvenLineEnds: boolean): Promise<void> =>
    hasEvenLineEnds || file.encoding !== null
      ? withTextCopy(file, { folder: copies, hasEvenLineEnds }, load)
      : load(file.path);
  try {
    await attempt(false);
  } catch (error) {
    if (error instanceof ClvError || file.kind !== 'csv' || !(await hasMixedLineFeeds(file))) throw error;
    await forgetMalformedRows(duck);
    await attempt(true);
  }
}

async function assertWhole(file: SourceFile): Promise<void> {
  if (file.isGzipped) await assertGzipWhole(file);
  else if (file.kind !== 'parquet') await demandShortLines(file);
}

/** The error for a file that could not be loaded. */
async function explainFailure(file: SourceFile, cause: Error): Promise<Error> {
  if (cause instanceof ClvError) return cause;
  if (isOfSystem(cause)) return unreadableFile(file.path, cause);
  try {
    await access(file.path, constants.R_OK);
    if (file.kind === 'csv') await demandEqualLineEnds(file);
  } catch (better) {
    return isOfSystem(better) ? unreadableFile(file.path, better) : (better as Error);
  }
  return new OrdersSourceError('ORDERS_FILE_DAMAGED', `${file.path} cannot be read: ${failureOf(cause)}`, {
    remedy:
      'Export or copy it again from where it was made. Where its text is not UTF-8, name its encoding in data.encoding in config/model_config.yaml.',
    cause,
  });
}

/** What DuckDB says in its first line, unless that is of its own insides. */
function failureOf({ message }: Error): string {
  return message.startsWith('INTERNAL Error')
    ? 'the reader failed on what it holds, as it may on bytes that are no text'
    : message.split('\n')[0];
}

/** The error for files without any usable order; says what became of the rows. */
async function noOrders(
  duck: Duck,
  byReason: readonly RejectsOfReason[],
  settings: OrdersSettings,
): Promise<OrdersSourceError> {
  const nulls = (await countNullIds(duck)).map(
    ([id, rows]) => `${counted(rows, 'row')} ${settings.nullIds[id]}`,
  );
  const guests = nulls.length === 0 ? '' : ` Ids that data.null_ids takes for none: ${nulls.join(', ')}.`;
  const rejected = byReason.length === 0 ? '' : ` Rejected: ${describeRejects(byReason)}.`;
  return new OrdersSourceError(
    'ORDERS_NONE',
    `No order of a known customer is left after reading ${settings.source}.${guests}${rejected}`,
    {
      remedy:
        'Check data.columns in config/model_config.yaml: is the customer column the right one, and are there rows below the header?',
    },
  );
}

async function judgeRejects(
  duck: Duck,
  found: {
    readonly rejects: Rejects;
    readonly byReason: readonly RejectsOfReason[];
    readonly place: Place;
  },
  settings: OrdersSettings,
  options: ReadOrdersOptions,
): Promise<void> {
  const { rejects, byReason, place } = found;
  const putAway = await options.quarantine(rejects.slices());
  const [{ parsed }] = await duck.rows<{ parsed: bigint }>('SELECT count(*) AS parsed FROM parsed');
  const rows = Number(parsed) + (await countMalformedRows(duck));
  const rejected = byReason.reduce((sum, { count }) => sum + count, 0);
  const share = rejected / rows;
  if (share <= settings.maxRejectShare) return;
  // A few of them are not why the share is too large.
  const areMany = (reason: RejectReason): boolean =>
    byReason.some((rejects) => rejects.reason === reason && rejects.count / rows > settings.maxRejectShare);
  if (areMany('unreadable_date')) await explainUnreadableDates(duck, place, settings.dateFormat);
  if (areMany('unreadable_revenue')) await explainUnreadableAmounts(duck, settings.decimalMark, place);
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  throw new OrdersRejectedError(
    'ORDERS_REJECTED',
    `${rejected.toLocaleString('en-GB')} of ${counted(rows, 'row')} cannot be used (${percent(share)}, the limit is ${percent(settings.maxRejectShare)}): ${describeRejects(byReason)}.`,
    {
      remedy: `They are listed with their reasons in ${putAway}. ${[...(await rejects.advice(byReason)), 'Mend them in the source, or raise data.max_reject_share.'].join(' ')}`,
      values: { rejected, rows, limit: settings.maxRejectShare, file: putAway },
    },
  );
}
