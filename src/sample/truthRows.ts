import type { Truth } from '../domain/sample/expectedRevenue.ts';
import { CsvBytes } from './csvBytes.ts';
import { CUSTOMER_ID_DIGITS } from './orderRows.ts';

const ROW_BYTES = 64;

/** Writes truths as rows `customer_id,expected_revenue,is_alive`; revenue with six decimals, is_alive 1 or 0. */
export class TruthRows {
  readonly csv = new CsvBytes(1 << 20);
  customers = 0;
  aliveCustomers = 0;
  expectedRevenue = 0;

  constructor() {
    this.csv.text('customer_id,expected_revenue,is_alive\n');
  }

  append(number: number, truth: Truth): void {
    const { csv } = this;
    csv.reserve(ROW_BYTES);
    csv.digits(number, CUSTOMER_ID_DIGITS);
    csv.comma();
    // Adding 0 turns a negative zero, which toFixed would show as -0.000000, into zero.
    csv.text((Math.round(truth.expectedRevenue * 1e6) / 1e6 + 0).toFixed(6));
    csv.text(truth.isAlive ? ',1\n' : ',0\n');
    this.customers++;
    if (truth.isAlive) this.aliveCustomers++;
    this.expectedRevenue += truth.expectedRevenue;
  }
}
