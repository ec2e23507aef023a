import type { Duck } from '../../tables/duck.ts';
import { sqlText } from '../../tables/sqlWords.ts';
import { EXPONENT, HUNDRED_THOUSANDS, LEAST_INEXACT, LONG_FLOAT } from './cutNumbers.ts';
import { nullIdSql } from './nullIdSql.ts';
import { AROUND, withoutUnseen } from './unseenLetters.ts';

/** Matches how an infinite number is read from a column of floats: nobody has that number. */
const ENDLESS = '[+-]inf';

/**
 * Looks at the ids in the table `customers`, which are few compared with the rows, and corrects in `parsed` what would
 * turn one customer into two: invisible characters around an id, and different ways to write a number. A number that
 * has lost digits may stand for many customers, and an infinite one stands for none, so their rows are rejected. Returns
 * whether anything was changed.
 */
export async function tidyCustomerIds(duck: Duck, nullIds: readonly string[]): Promise<boolean> {
  const whole = "TRY_CAST(split_part(id, '.', 1) AS HUGEINT)";
  await duck.run(`CREATE OR REPLACE TEMP TABLE odd_ids AS
    SELECT written, nullif(id, '') AS id, ${nullIdSql('id', nullIds)} AS null_word,
      regexp_full_match(id, ${sqlText(EXPONENT)})
        OR regexp_full_match(id, ${sqlText(LONG_FLOAT)})
        OR regexp_full_match(id, ${sqlText(ENDLESS)}) AS lost_digits
    FROM (
      SELECT written, CASE
        WHEN regexp_full_match(id, ${sqlText(HUNDRED_THOUSANDS)}) THEN id[1] || '00000'
        WHEN regexp_full_match(id, ${sqlText(LONG_FLOAT)}) AND abs(${whole}) < ${LEAST_INEXACT} THEN split_part(id, '.', 1)
        ELSE id END AS id
      FROM (SELECT customer_id AS written, ${withoutUnseen('customer_id')} AS id FROM customers
        WHERE regexp_matches(customer_id, ${sqlText(`${AROUND}|[eE][+][0-9]{2,3}$|[0-9]{16}[.]0+$|^${ENDLESS}$`)}))
    )
    WHERE lost_digits OR id <> written`);
  const [{ count }] = await duck.rows<{ count: bigint }>('SELECT count(*) AS count FROM odd_ids');
  if (count > 0n) {
    await duck.run(`UPDATE parsed SET
        customer_id = CASE WHEN null_word IS NULL THEN id END,
        null_id = null_word,
        reason = CASE WHEN lost_digits THEN 'unreadable_customer' END
      FROM odd_ids WHERE customer_id = written AND reason IS NULL`);
  }
  await duck.run('DROP TABLE odd_ids');
  return count > 0n;
}
