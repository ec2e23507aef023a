import { type SampleSummary, writeSampleShop } from './writeSampleShop.ts';

/**
 * Small enough to be scored in seconds, and long enough for a year of history before a cutoff and half a year after it.
 */
const DEMO_CUSTOMERS = 3000;
const DEMO_MONTHS = 30;
const DEMO_SEED = 7;

/**
 * Writes the shop of the demonstration: 3,000 customers over 30 months, about 29,000 rows.
 *
 * @param out a path that ends in `.csv` or `.csv.gz`. @param end `YYYY-MM-DD`, the first day after the shop's last.
 * Throws as `writeSampleShop` does.
 */
export function writeDemoShop(out: string, end: string): Promise<SampleSummary> {
  return writeSampleShop({ out, end, customers: DEMO_CUSTOMERS, months: DEMO_MONTHS, seed: DEMO_SEED });
}
