/**
 * The best possible forecast of a sample shop's customers: the expectation of somebody who knows how the shop is made,
 * its kinds of customers and the distributions of their rates, hazards and values (`CUSTOMER_KINDS`), but of each
 * customer only the orders before the cutoff. No forecaster is better on average; what it misses is chance.
 *
 * It is Bayes' rule on a grid of rates and hazards for each kind; values are integrated out in closed form
 * (Gamma-Gamma). It has two small approximations: operational time passes evenly within a customer's silence and within
 * the window, and returns of orders from before the cutoff are left out.
 */
import { lnGamma } from '../src/domain/btyd/gammaFunctions.ts';
import {
  CUSTOMER_VALUE_SHAPE,
  ORDER_VALUE_SHAPE,
  RATE_TO_SPEND_POWER,
} from '../src/domain/sample/customerKinds.ts';
import { expectedErlangOrders } from '../src/domain/sample/expectedRevenue.ts';
import { allocateHistory, type Purchases, simulateCustomer } from '../src/domain/sample/purchases.ts';
import { expectedReturn } from '../src/domain/sample/returns.ts';
import { type KindInShop, openShop, type Shop, type TruthDays } from '../src/domain/sample/shop.ts';
import type { ShopOptions } from '../src/domain/sample/shopOptions.ts';

/** Rates and hazards, relative to the mean of the kind. */
const RATES = logarithmic(1e-3, 15, 140);
const HAZARDS = logarithmic(2e-3, 8, 36);
/** Steps of the silence in which a customer may have left. */
const STEPS = 24;
/** Grid points whose logarithmic weight is this much below that of the likeliest are left out. */
const NEGLIGIBLE = 40;

/** A kind of customers, its prior on the grid, and what the window means for it. */
interface KindAhead extends KindInShop {
  readonly lnRatePrior: Float64Array;
  readonly lnHazardPrior: Float64Array;
  /** Operational time of the window. */
  readonly demandAhead: number;
  /** What an order of mean value 1 in the window is worth, on average. */
  readonly worth: number;
}

/** Expected revenue, in currency, of the customers with these ids. @param options with a truth window. */
export function bestForecast(options: ShopOptions, ids: readonly string[]): Float64Array {
  const shop = openShop(options);
  const window = shop.truth as TruthDays;
  const kinds = shop.kinds.map((kind) => kindAhead(kind, window));
  const columns = allocateHistory();
  return Float64Array.from(ids, (id) => {
    const { purchases } = simulateCustomer(shop, Number(id), columns);
    return expectedRevenue(shop, kinds, purchases);
  });
}

function kindAhead(kindInShop: KindInShop, { cutoffDay, endDay }: TruthDays): KindAhead {
  const { kind, demand, basket } = kindInShop;
  let demandAhead = 0;
  let worth = 0;
  for (let day = cutoffDay; day < endDay; day++) {
    demandAhead += demand.weightOf(day);
    worth += demand.weightOf(day) * basket[day] * (1 - expectedReturn(endDay - day));
  }
  return {
    ...kindInShop,
    lnRatePrior: lnGammaPrior(RATES, kind.rateShape),
    lnHazardPrior: lnGammaPrior(HAZARDS, kind.dropoutShape),
    demandAhead,
    worth: worth / demandAhead,
  };
}

/** The posterior mean of the revenue, over kinds, rates and hazards. */
function expectedRevenue(shop: Shop, kinds: readonly KindAhead[], purchases: Purchases): number {
  const { cutoffDay, endDay } = shop.truth as TruthDays;
  const { day, cents } = purchases;
  let count = 0;
  while (count < purchases.count && day[count] < cutoffDay) count++;
  if (count === 0) return 0;
  const age = cutoffDay - day[0];
  const lastAge = day[count - 1] - day[0] + 0.5;
  const weights: number[] = [];
  const revenues: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const { kind, demand, basket, lnRatePrior, lnHazardPrior, demandAhead, worth } of kinds) {
    const momentOf = (order: number): number =>
      demand.cumulative[day[order]] + demand.weightOf(day[order]) / 2;
    const active = momentOf(count - 1) - momentOf(0);
    const silence = demand.cumulative[cutoffDay] - momentOf(count - 1);
    // The densities of the orders' days and values, as far as they do not depend on the rate.
    let lnDays = 0;
    let lnValues = 0;
    let value = 0;
    for (let order = 0; order < count; order++) {
      const usual = cents[order] / basket[day[order]];
      value += usual;
      lnValues += (ORDER_VALUE_SHAPE - 1) * Math.log(usual) - Math.log(basket[day[order]]);
      if (order === 0) continue;
      lnDays += Math.log(Math.max(demand.weightOf(day[order]), 1e-9));
      if (kind.stages > 1)
        lnDays += (kind.stages - 1) * Math.log(Math.max(momentOf(order) - momentOf(order - 1), 0.05));
    }
    const valueShape = CUSTOMER_VALUE_SHAPE + ORDER_VALUE_SHAPE * count;
    for (let r = 0; r < RATES.length; r++) {
      const stageRate = kind.stages * kind.meanRatePerDay * RATES[r];
      const scale = 100 * kind.meanSpend * RATES[r] ** RATE_TO_SPEND_POWER;
      // A customer's mean order over the scale is (q - 1) / g with g gamma(q); an order is gamma(p) over p g / (q - 1).
      const perUnit = ORDER_VALUE_SHAPE / (CUSTOMER_VALUE_SHAPE - 1) / scale;
      const seen = 1 + value * perUnit;
      const lnSpend =
        lnValues +
        ORDER_VALUE_SHAPE * count * Math.log(perUnit) -
        count * lnGamma(ORDER_VALUE_SHAPE) +
        lnGamma(valueShape) -
        lnGamma(CUSTOMER_VALUE_SHAPE) -
        valueShape * Math.log(seen);
      const lnOrders =
        (count - 1) * (kind.stages * Math.log(stageRate) - lnGamma(kind.stages)) +
        lnDays -
        stageRate * active;
      const lnRate = Math.log(kind.share) + lnRatePrior[r] + lnSpend + lnOrders;
      if (lnRate < most - NEGLIGIBLE) continue;
      const silent = Float64Array.from({ length: STEPS + 1 }, (_, step) =>
        noOrderIn((stageRate * silence * step) / STEPS, kind.stages),
      );
      const orders = ordersIfThere(stageRate, silence, demandAhead, kind.stages);
      const meanOrder = ((CUSTOMER_VALUE_SHAPE - 1) * scale * seen) / (valueShape - 1);
      for (let h = 0; h < HAZARDS.length; h++) {
        const hazard = kind.meanDropoutPerDay * HAZARDS[h];
        const there = silent[STEPS] * Math.exp(-hazard * age);
        const gone = leftWithin(silent, hazard, lastAge, age);
        const weight = lnRate + lnHazardPrior[h] + Math.log(there + gone + Number.MIN_VALUE);
        if (weight < most - NEGLIGIBLE) continue;
        most = Math.max(most, weight);
        const days = endDay - cutoffDay;
        const stays = -Math.expm1(-hazard * days) / (hazard * days);
        weights.push(weight);
        revenues.push((there / (there + gone + Number.MIN_VALUE)) * orders * stays * worth * meanOrder);
      }
    }
  }
  let sum = 0;
  let expected = 0;
  weights.forEach((weight, i) => {
    const share = Math.exp(weight - most);
    sum += share;
    expected += share * revenues[i];
  });
  return expected / sum / 100;
}

/** The probability that a customer left during the silence, with no order until then. */
function leftWithin(silent: Float64Array, hazard: number, from: number, to: number): number {
  const stays = Math.exp((-hazard * (to - from)) / STEPS);
  let there = Math.exp(-hazard * from);
  let left = 0;
  for (let step = 0; step < STEPS; step++) {
    left += (there * (1 - stays) * (silent[step] + silent[step + 1])) / 2;
    there *= stays;
  }
  return left;
}

/** The probability of fewer stages than an order needs, when `expected` stages are expected. */
function noOrderIn(expected: number, stages: number): number {
  return stagesBefore(expected, stages).reduce((sum, chance) => sum + chance, 0);
}

/** The probability of each number of stages below that of an order. */
function stagesBefore(expected: number, stages: number): number[] {
  let chance = Math.exp(-expected);
  return Array.from({ length: stages }, (_, done) => {
    const own = chance;
    chance *= expected / (done + 1);
    return own;
  });
}

/** The expected orders in the window of a customer who is still there and has been silent for this operational time. */
function ordersIfThere(stageRate: number, silence: number, ahead: number, stages: number): number {
  if (stages === 1) return stageRate * ahead;
  const chances = stagesBefore(stageRate * silence, stages);
  const all = chances.reduce((sum, chance) => sum + chance, 0);
  if (all === 0) return 0;
  return chances.reduce(
    (sum, chance, done) => sum + (chance / all) * expectedErlangOrders(stageRate * ahead, done),
    0,
  );
}

/** The logarithms of the gamma distribution with this shape and mean 1 on a logarithmic grid. */
function lnGammaPrior(grid: Float64Array, shape: number): Float64Array {
  const density = grid.map((value) => Math.exp(shape * Math.log(shape * value) - shape * value));
  const sum = density.reduce((total, value) => total + value, 0);
  return density.map((value) => Math.log(value / sum));
}

function logarithmic(from: number, to: number, count: number): Float64Array {
  const width = Math.log(to / from) / count;
  return Float64Array.from({ length: count }, (_, i) => from * Math.exp(width * (i + 0.5)));
}
