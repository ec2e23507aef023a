import { historyWindow } from '../src/domain/calendar/windows.ts';
import { DEFAULT_TIERS } from '../src/domain/segments/valueTiers.ts';
import type { OddOrder } from './oddShops.ts';
import type { PlayedRun } from './playedRun.ts';

/** Columns that are empty where nothing can be said: bounds, the life of a customer, gaps of customers with few orders. */
const MAY_BE_EMPTY = /^(clv_p\d\d|p_alive|next_order_date|clv_index|.*_days_between_orders)$/;
const TEXT = new Set(['customer_id', 'clv_segment', 'next_order_date']);
const HALF_A_CENT = 0.005;

/**
 * What the files of a run say that cannot be, one sentence each; none for a sound run. They are held against the orders and
 * against each other: who is in them, that every number is one, and what a forecast, a rank, a tier, a cluster and an outlook
 * promise.
 */
export async function contradictionsIn(played: PlayedRun, orders: readonly OddOrder[]): Promise<string[]> {
  const found: string[] = [];
  const demand = (isSo: boolean, sentence: string): void => void (isSo || found.push(sentence));
  const ranked = await played.rows('ranked_predictions');
  const clusters = await played.rows('clusters');
  const ranking = await played.rows('cluster_ranking');
  const actual = await played.rows('predictions_actual');

  const { cutoff, historyMonths, predMonths } = played.run;
  const history = historyWindow(cutoff, historyMonths);
  const known = orders.filter(({ date }) => date >= history.start && date < history.end);
  const eligible = [...new Set(known.map(({ customer }) => customer))].toSorted();
  for (const [name, rows] of Object.entries({ ranked, clusters, actual })) {
    const ids = rows.map(({ customer_id }) => customer_id).toSorted();
    demand(ids.join('\n') === eligible.join('\n'), `${name} has other customers than the history`);
  }
  for (const row of [...ranked, ...clusters, ...ranking, ...actual]) {
    for (const [name, cell] of Object.entries(row)) {
      const isNumber = cell !== '' && Number.isFinite(Number(cell));
      const isFine = TEXT.has(name) || isNumber || (cell === '' && MAY_BE_EMPTY.test(name));
      demand(isFine, `${row.customer_id ?? row.cluster_id}: ${name} is "${cell}"`);
    }
  }

  const best = ranked.map(({ predicted_clv }) => Number(predicted_clv)).toSorted((a, b) => b - a);
  for (const row of ranked) {
    const says = (isSo: boolean, what: string): void => demand(isSo, `${row.customer_id}: ${what}`);
    const clv = Number(row.predicted_clv);
    const [p10, p50, p90] = ['clv_p10', 'clv_p50', 'clv_p90'].map((name) => Number(row[name]));
    says(clv >= 0, `forecast ${clv}`);
    says(0 <= p10 && p10 <= p50 && p50 <= p90, `bounds ${p10}, ${p50}, ${p90}`);
    // No bound lies above the level 0.999, and one customer in a thousand spends at most a thousand times the mean.
    says(p90 <= 1000 * clv + HALF_A_CENT, `bound ${p90} of a forecast of ${clv}`);
    says(Number(row.p_alive) >= 0 && Number(row.p_alive) <= 1, `alive with probability ${row.p_alive}`);
    says(row.next_order_date === '' || row.next_order_date >= cutoff, `next order ${row.next_order_date}`);
    const months = Array.from({ length: predMonths }, (_, month) => Number(row[`clv_month_${month + 1}`]));
    says(
      months.every((month) => month >= 0),
      `months ${months}`,
    );
    says(
      Math.abs(months.reduce((sum, month) => sum + month, 0) - clv) < HALF_A_CENT,
      `months ${months} of ${clv}`,
    );
    const rank = 1 + best.indexOf(clv);
    says(Number(row.clv_rank) === rank, `rank ${row.clv_rank} instead of ${rank}`);
    const tier = DEFAULT_TIERS.find(({ upTo }) => rank / ranked.length <= upTo);
    says(row.clv_segment === tier?.label, `tier ${row.clv_segment} at rank ${rank} of ${ranked.length}`);
  }

  const sizes = ranking.map(({ cluster_id, n_customers }) => {
    const members = clusters.filter((row) => row.cluster_id === cluster_id);
    demand(members.length === Number(n_customers), `cluster ${cluster_id} has ${members.length} members`);
    return members.length;
  });
  demand(sizes.reduce((sum, size) => sum + size, 0) === clusters.length, 'a cluster is not in the ranking');
  return found;
}
