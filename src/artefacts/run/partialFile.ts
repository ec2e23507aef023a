import type { IsoDate } from '../../domain/calendar/dates.ts';
import type { OpenWindowProgress } from '../../domain/drift/openWindow.ts';
import { writeCsv } from '../files/csvFile.ts';
import { MONEY_DIGITS, rounded } from '../files/roundedNumber.ts';
import { readSmallCsv } from '../files/smallCsv.ts';
import { monitoringFile } from '../names.ts';

/** One prediction file whose window is open, and how it stands. Amounts are in currency. */
export interface OpenWindow extends OpenWindowProgress {
  readonly file: string;
  readonly modelId: string;
  readonly cutoff: IsoDate;
  /** First day after the window. */
  readonly windowEnd: IsoDate;
  readonly customers: number;
  readonly predicted: number;
  readonly realised: number;
}

/** Writes `monitoring/partial_<as of>.csv`, one row an open window; gives its name below `outputs`. Throws FileWriteError. */
export async function writePartial(
  outputs: string,
  asOf: IsoDate,
  windows: readonly OpenWindow[],
): Promise<string> {
  const name = monitoringFile('partial', asOf);
  const money = (value: number | null) => (value === null ? null : rounded(value, MONEY_DIGITS));
  const share = (value: number | null) => (value === null ? null : rounded(value, 6));
  await writeCsv(
    `${outputs}/${name}`,
    [
      'as_of',
      'file',
      'model_id',
      'cutoff',
      'window_end',
      'customers',
      'days',
      'days_passed',
      'share_passed',
      'predicted_total',
      'expected_to_date',
      'realised_to_date',
      'ratio',
      'seasonal_share',
      'seasonal_expected_to_date',
      'seasonal_ratio',
    ],
    windows.length,
    (row) => {
      const it = windows[row];
      return [
        asOf,
        it.file,
        it.modelId,
        it.cutoff,
        it.windowEnd,
        it.customers,
        it.days,
        it.daysPassed,
        share(it.sharePassed),
        money(it.predicted),
        money(it.expected),
        money(it.realised),
        share(it.ratio),
        share(it.seasonalShare),
        money(it.seasonalExpected),
        share(it.seasonalRatio),
      ];
    },
  );
  return name;
}

/** How an open window stood when the file was written. Amounts are in currency. */
export interface RecordedProgress {
  readonly asOf: IsoDate;
  /** Name of the prediction file. */
  readonly file: string;
  readonly realised: number;
  /** By the share of days that had passed. */
  readonly expected: number;
  /** By the season of the year before; null where that is not known. */
  readonly seasonalExpected: number | null;
}

/** The rows of such a file. @param name below `outputs`. Rejects where it is not there. */
export async function readPartial(outputs: string, name: string): Promise<RecordedProgress[]> {
  return (await readSmallCsv(`${outputs}/${name}`)).map((row) => ({
    asOf: row.as_of,
    file: row.file,
    realised: Number(row.realised_to_date),
    expected: Number(row.expected_to_date),
    seasonalExpected: row.seasonal_expected_to_date ? Number(row.seasonal_expected_to_date) : null,
  }));
}
