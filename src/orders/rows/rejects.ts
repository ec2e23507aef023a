import type { Duck } from '../../tables/duck.ts';
import type { SourceFile } from '../files/sourceFile.ts';
import { NOT_UTF_8, splittingProblems } from './malformedRows.ts';
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

/** The rows that were rejected for one reason. */
export interface RejectsOfReason {
  readonly reason: RejectReason;
  readonly count: number;
  readonly first: RejectedRow;
}

/** The rejected rows of a reading, which stay in the database, since there may be more than fit in memory. */
export class Rejects {
  readonly #duck: Duck;
  readonly #files: readonly SourceFile[];
  readonly #numberOf: RowNumbers;

  constructor(duck: Duck, files: readonly SourceFile[], numberOf: RowNumbers) {
    this.#duck = duck;
    this.#files = files;
    this.#numberOf = numberOf;
  }

  /**
   * Every rejected row, some at a time: those that could not be split into columns, then the others, each in the order
   * of the files.
   */
  async *slices(): AsyncGenerator<RejectedRow[]> {
    for (const sql of [MALFORMED, UNUSABLE]) {
      for await (const some of this.#duck.slices<Rejected>(sql))
        yield await Promise.all(some.map((row) => this.#describe(row)));
    }
  }

  /** How many rows were rejected for each reason, the reasons in the order of their first rows. */
  async byReason(): Promise<RejectsOfReason[]> {
    const place = 'is_parsed, file_number, number';
    const found = await this.#duck.rows<{ reason: RejectReason; count: bigint; first: Rejected }>(
      `SELECT reason, count(*) AS count, arg_min(rejected, ROW(${place})) AS first
       FROM (${MALFORMED} UNION ALL ${UNUSABLE}) AS rejected GROUP BY reason ORDER BY min(ROW(${place}))`,
    );
    const described = found.map(async ({ reason, count, first }) => ({
      reason,
      count: Number(count),
      first: await this.#describe(first),
    }));
    return Promise.all(described);
  }

  /** What usually helps against these rejects, a sentence for each trouble for which there is one. */
  async advice(byReason: readonly RejectsOfReason[]): Promise<string[]> {
    const problems = await splittingProblems(this.#duck);
    return [
      ...byReason.flatMap(({ reason }) => ADVICE[reason] ?? []),
      ...ADVICE_ON_SPLITTING.filter(([problem]) => problems.some((it) => problem.test(it))).map(
        ([, advice]) => advice,
      ),
    ];
  }

  async #describe(row: Rejected): Promise<RejectedRow> {
    const number = Number(row.number);
    return {
      file: this.#files[row.file_number].name,
      row: row.is_parsed ? (await this.#numberOf(row.file_number))(number) : number,
      reason: row.reason,
      orderId: row.order_id ?? '',
      customerId: row.customer_id ?? '',
      orderDate: row.order_date ?? '',
      revenue: row.revenue ?? '',
      detail: row.detail ?? '',
    };
  }
}

interface Rejected {
  readonly is_parsed: boolean;
  readonly file_number: number;
  /** The id of a row of the table `parsed`, and the number in its file of another one. */
  readonly number: bigint;
  readonly reason: RejectReason;
  readonly order_id: string | null;
  readonly customer_id: string | null;
  readonly order_date: string | null;
  readonly revenue: string | null;
  readonly detail: string | null;
}

/** Both are read in the order in which their rows were written. */
const MALFORMED = `SELECT false AS is_parsed, file_number, row AS number, 'malformed_row' AS reason, NULL AS order_id,
  NULL AS customer_id, NULL AS order_date, NULL AS revenue, problem || ': ' || text AS detail FROM malformed`;
const UNUSABLE = `SELECT true AS is_parsed, file_number, rowid AS number, reason, order_id, customer_id, date_text AS order_date,
  CASE WHEN price_text IS NULL THEN revenue_text ELSE revenue_text || ' x ' || price_text END AS revenue, detail
  FROM parsed WHERE reason IS NOT NULL`;

/** "3 unreadable_date (first: orders.csv row 17, "31/13/2024"); 1 …", for an error that a person reads. */
export function describeRejects(byReason: readonly RejectsOfReason[]): string {
  return byReason
    .map(
      ({ reason, count, first }) =>
        `${count.toLocaleString('en-GB')} ${reason} (first: ${first.file} row ${first.row}, "${offendingValue(first).slice(0, 80)}")`,
    )
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
