import type { Clock } from '../domain/calendar/clock.ts';
import { dateInZone } from '../domain/calendar/dates.ts';
import { counted } from '../domain/words/counted.ts';
import { Duck } from '../tables/duck.ts';
import { demandDateFormat, explainUnreadableDates } from './dateFormats.ts';
import { OrdersRejectedError, OrdersSourceError } from './errors.ts';
import { OrderBook } from './orderBook.ts';
import { buildOrderTables } from './orderTables.ts';
import { parseRowsSql } from './parseRows.ts';
import { type MalformedRow, selectRawRows, takeMalformedRows } from './rawRows.ts';
import { adviseOn, collectRejects, describeRejects, type RejectedRow } from './rejects.ts';
import { numberRows } from './rowNumbers.ts';
import type { OrdersSettings } from './settings.ts';
import { assertGzipWhole, findSourceFiles, type SourceFile } from './sourceFiles.ts';

export interface ReadOrdersOptions {
  readonly clock: Clock;
  readonly threads: number;
  /** Where DuckDB puts what does not fit in memory. */
  readonly spillFolder?: string;
  /**
   * Called with every row that cannot be used, before the share of them is judged, so that they are on record even
   * when reading fails; gives the name under which they were put away.
   */
  readonly quarantine: (rejects: readonly RejectedRow[]) => Promise<string>;
}

/**
 * Reads and validates a shop's orders. Close the book when done with it.
 *
 * Throws OrdersSourceError, OrdersColumnError, DateFormatError or OrdersRejectedError; each names the file, the row
 * and what to do.
 */
export async function readOrders(settings: OrdersSettings, options: ReadOrdersOptions): Promise<OrderBook> {
  const duck = await Duck.open(options);
  try {
    await demandDateFormat(duck, settings.dateFormat);
    const files = await findSourceFiles(duck, settings.source);
    const malformed = await parseFiles(
      duck,
      files,
      settings,
      dateInZone(options.clock.now(), settings.timezone),
    );
    const rowsUsable = await buildOrderTables(duck, settings);
    const numberOf = await numberRows(duck, files, malformed);
    const rejects = await collectRejects(duck, files, malformed, numberOf);
    if (rejects.length > 0) {
      const place = (file: number, id: number): string => `${files[file].name} row ${numberOf(file, id)}`;
      await judgeRejects(duck, { rejects, malformed: malformed.length, place }, settings, options);
    }
    if (!rowsUsable) {
      throw new OrdersSourceError(
        'ORDERS_NONE',
        `No order of a known customer is left after reading ${settings.source}.`,
        {
          remedy:
            'Check data.columns in config/model_config.yaml: is the customer column the right one, and are there rows below the header?',
        },
      );
    }
    return await OrderBook.describe(
      duck,
      files.map((file) => file.name),
      malformed.length,
    );
  } catch (error) {
    duck.close();
    throw error;
  }
}

/** Fills the table `parsed`, one row a source row, in the order of the files. */
async function parseFiles(
  duck: Duck,
  files: readonly SourceFile[],
  settings: OrdersSettings,
  today: string,
): Promise<MalformedRow[]> {
  const malformed: MalformedRow[] = [];
  for (const [i, file] of files.entries()) {
    const select = parseRowsSql(await selectRawRows(duck, file, settings), i, settings, today);
    // Both read the file at once; a damaged gzip is named as such rather than as the odd row it ends in.
    const whole = file.isGzipped ? assertGzipWhole(file) : Promise.resolve();
    const [wholeResult, loadResult] = await Promise.allSettled([
      whole,
      duck.run(i === 0 ? `CREATE TABLE parsed AS ${select}` : `INSERT INTO parsed ${select}`),
    ]);
    if (wholeResult.status === 'rejected') throw wholeResult.reason;
    if (loadResult.status === 'rejected') throw unreadable(file, loadResult.reason as Error);
    malformed.push(...(await takeMalformedRows(duck, file, i)));
  }
  return malformed;
}

function unreadable(file: SourceFile, cause: Error): OrdersSourceError {
  return new OrdersSourceError(
    'ORDERS_FILE_DAMAGED',
    `${file.path} cannot be read: ${cause.message.split('\n')[0]}`,
    {
      remedy:
        'Export or copy it again from where it was made; text files have to be UTF-8, and all their lines have to end alike.',
      cause,
    },
  );
}

async function judgeRejects(
  duck: Duck,
  found: {
    readonly rejects: readonly RejectedRow[];
    /** How many of them are not in the table `parsed`. */
    readonly malformed: number;
    readonly place: (fileNumber: number, id: number) => string;
  },
  settings: OrdersSettings,
  options: ReadOrdersOptions,
): Promise<void> {
  const { rejects, malformed, place } = found;
  const putAway = await options.quarantine(rejects);
  const [{ parsed }] = await duck.rows<{ parsed: bigint }>('SELECT count(*) AS parsed FROM parsed');
  const rows = Number(parsed) + malformed;
  const share = rejects.length / rows;
  if (share <= settings.maxRejectShare) return;
  await explainUnreadableDates(duck, place);
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  throw new OrdersRejectedError(
    'ORDERS_REJECTED',
    `${rejects.length} of ${counted(rows, 'row')} cannot be used (${percent(share)}, the limit is ${percent(settings.maxRejectShare)}): ${describeRejects(rejects)}.`,
    {
      remedy: `They are listed with their reasons in ${putAway}. ${[...adviseOn(rejects), 'Mend them in the source, or raise data.max_reject_share.'].join(' ')}`,
      values: { rejected: rejects.length, rows, limit: settings.maxRejectShare, file: putAway },
    },
  );
}
