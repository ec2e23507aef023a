import type { Duck } from '../../tables/duck.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import { type MalformedRow, NOT_UTF_8 } from './malformedRows.ts';
import type { RejectReason } from './parseRows.ts';
import type { RowNumbers } from './rowNumbers.ts';

/** A row of the source that cannot be used, as it is written to the rejects file. */
export interface RejectedRow {
  readonly file: string;
  /** As a spreadsheet counts: the header of a CSV file is row 1. */
  readonly row: number;
  readonly reason: RejectReason;
  readonly orderId: string;
  readonly customerId: string;
  readonly orderDate: string;
  readonly revenue: string;
  /** What is wrong beyond the reason, in words. */
  readonly detail: string;
}

/** Every rejected row, in the order of the files. */
export async function collectRejects(
  duck: Duck,
  files: readonly SourceFile[],
  malformed: readonly MalformedRow[],
  numberOf: RowNumbers,
): Promise<RejectedRow[]> {
  const parsed = await duck.rows<{
    id: bigint;
    file_number: number;
    reason: RejectReason;
    order_id: string | null;
    customer_id: string | null;
    date_text: string | null;
    revenue: string | null;
    detail: string | null;
  }>(
    `SELECT rowid AS id, file_number, reason, order_id, customer_id, date_text, detail,
       CASE WHEN price_text IS NULL THEN revenue_text ELSE revenue_text || ' x ' || price_text END AS revenue
     FROM parsed WHERE reason IS NOT NULL ORDER BY rowid`,
  );
  const broken = malformed.map((row): RejectedRow => {
    return {
      file: files[row.fileNumber].name,
      row: row.row,
      reason: 'malformed_row',
      orderId: '',
      customerId: '',
      orderDate: '',
      revenue: '',
      detail: `${row.problem}: ${row.text}`,
    };
  });
  const typed: RejectedRow[] = [];
  for (const row of parsed) {
    typed.push({
      file: files[row.file_number].name,
      row: (await numberOf(row.file_number))(Number(row.id)),
      reason: row.reason,
      orderId: row.order_id ?? '',
      customerId: row.customer_id ?? '',
      orderDate: row.date_text ?? '',
      revenue: row.revenue ?? '',
      detail: row.detail ?? '',
    });
  }
  return [...broken, ...typed];
}

/** "3 unreadable_date (first: orders.csv row 17, "31/13/2024"); 1 …", for an error that a person reads. */
export function describeRejects(rejects: readonly RejectedRow[]): string {
  const reasons = [...new Set(rejects.map((reject) => reject.reason))];
  return reasons
    .map((reason) => {
      const rows = rejects.filter((reject) => reject.reason === reason);
      return `${rows.length.toLocaleString('en-GB')} ${reason} (first: ${rows[0].file} row ${rows[0].row}, "${offendingValue(rows[0]).slice(0, 80)}")`;
    })
    .join('; ');
}

/** What usually helps, by reason, if many rows have the same trouble. */
const ADVICE: Partial<Record<RejectReason, string>> = {
  unreadable_date: 'If dates are written in another way than ISO, name it in data.date_format.',
  unreadable_revenue:
    'An amount has a point before its decimals unless data.decimal_mark says otherwise, and may have a currency.',
  unreadable_customer:
    'A customer like 1.23457E+11 is a number that a spreadsheet or a column of floats has cut, and may be several: export customers as text.',
  unreadable_order_id:
    'An order id like 1.23457E+11 is a number that a spreadsheet or a column of floats has cut, and was of several orders: export order ids as text, or set data.columns.order_id to null.',
  duplicate_order_id: 'If several rows are lines of one order, set data.grain to line.',
};

/** The same for rows that could not be split into columns, by what is wrong with them. */
const ADVICE_ON_SPLITTING: readonly (readonly [problem: RegExp, advice: string])[] = [
  [
    NOT_UTF_8,
    'Where text is not UTF-8, name its encoding in data.encoding, windows-1252 for example, or export it as UTF-8.',
  ],
  [/^Not \S+ text/, 'data.encoding names another encoding than that of these rows.'],
  [
    /number of columns/i,
    'Where a comma stands in a value, an amount for example, the value needs quotes, or semicolons between the columns.',
  ],
];

/** The advice for these rejects, a sentence for each trouble for which there is one. */
export function adviseOn(rejects: readonly RejectedRow[]): string[] {
  const reasons = new Set(rejects.map((reject) => reject.reason));
  const malformed = rejects.filter((reject) => reject.reason === 'malformed_row');
  return [
    ...[...reasons].flatMap((reason) => ADVICE[reason] ?? []),
    ...ADVICE_ON_SPLITTING.filter(([problem]) => malformed.some(({ detail }) => problem.test(detail))).map(
      ([, advice]) => advice,
    ),
  ];
}

function offendingValue(row: RejectedRow): string {
  switch (row.reason) {
    case 'unreadable_date':
    case 'future_date':
      return row.orderDate;
    case 'unreadable_revenue':
      return row.detail || row.revenue;
    case 'duplicate_order_id':
    case 'missing_order_id':
    case 'unreadable_order_id':
      return row.orderId;
    case 'unreadable_customer':
      return row.customerId;
    case 'malformed_row':
      return row.detail;
  }
}
