import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bgNbd } from '../../../src/domain/btyd/bgNbd.ts';
import { BTYD_MODEL_VERSION, type BtydModel, parseBtydModel } from '../../../src/domain/btyd/btydModel.ts';
import { expectedSpend } from '../../../src/domain/btyd/gammaGamma.ts';
import { monthEndsInWeeks } from '../../../src/domain/btyd/monthEnds.ts';
import { dateAfterCutoff, medianWeeksToNextOrder } from '../../../src/domain/btyd/nextOrder.ts';
import { paretoNbd } from '../../../src/domain/btyd/paretoNbd.ts';
import { predictBtyd, predictRevenuePath } from '../../../src/domain/btyd/predictBtyd.ts';
import { summaryOf } from './simulateCustomers.ts';

const BG = { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 };
const PARETO = { r: 0.5533, alpha: 10.578, s: 0.6061, beta: 11.6688 };
const SPEND = { p: 6.25, q: 3.744, v: 15.443 };
const BY_VALUE = {
  first: { laterOverFirst: 1.1, upTo: 300, beyond: 0.2 },
  groups: [
    { from: 0, customers: 90, parameters: BG },
    { from: 40, customers: 60, parameters: { ...BG, r: 0.4 } },
  ],
};

function modelOf(process: BtydModel['process']): BtydModel {
  const fit = { logLikelihood: -1, iterations: 1, converged: true, atBound: [] };
  return {
    version: BTYD_MODEL_VERSION,
    process,
    customers: 1,
    repeatCustomers: 1,
    purchases: { parameters: process === 'bg-nbd' ? BG : PARETO, ...fit },
    byValue: null,
    spend: { parameters: SPEND, customers: 1, ...fit },
  };
}

const CUSTOMERS = summaryOf([
  [0, 0, 38],
  [2, 30.4, 38.9, 22],
  [11, 20, 26, 75],
  [500, 99.9, 100, 12],
  [1, 0.5, 900, -4],
]);

/** 2F1 by its power series; all arguments above zero. */
function powerSeries(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 0;
  for (let n = 0; term > 1e-18 * sum; n++) {
    sum += term;
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
  }
  return sum;
}

/** Fader, Hardie and Lee (2005), equation 10, as printed, given alive. */
function published({ r, alpha, a, b }: typeof BG, x: number, age: number, weeks: number): number {
  const z = weeks / (alpha + age + weeks);
  const series = powerSeries(r + x, b + x, a + b + x - 1, z);
  return ((a + b + x - 1) / (a - 1)) * (1 - (1 - z) ** (r + x) * series);
}

describe('expected purchases of BG/NBD', () => {
  test('are those of the published formula', () => {
    for (const a of [0.3, 0.7929, 2.5])
      for (const [x, age, weeks] of [
        [0, 38.86, 39],
        [2, 38.86, 39],
        [9, 10, 52],
        [40, 80, 26],
      ])
        expect(
          bgNbd.purchasesIfAlive({ ...BG, a }, x, age, weeks) / published({ ...BG, a }, x, age, weeks),
        ).toBeCloseTo(1, 10);
  });

  test('run smoothly through a = 1, where the published formula divides by zero', () => {
    const at = (a: number): number => bgNbd.purchasesIfAlive({ ...BG, a }, 3, 30, 40);
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 10);
    expect(at(1)).toBeCloseTo(published({ ...BG, a: 1 + 1e-5 }, 3, 30, 40), 4);
  });

  test('become those of NBD, the mean rate times the weeks, where nobody drops out', () => {
    for (const x of [0, 1, 50, 500])
      expect(
        bgNbd.purchasesIfAlive({ ...BG, a: 1e-12 }, x, 60, 52) / (((BG.r + x) / (BG.alpha + 60)) * 52),
      ).toBeCloseTo(1, 9);
  });
});

describe('expected purchases of Pareto/NBD', () => {
  test('run smoothly through s = 1 and become those of NBD where nobody drops out', () => {
    const at = (s: number): number => paretoNbd.purchasesIfAlive({ ...PARETO, s }, 3, 30, 40);
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 10);
    expect(at(1e-12)).toBeCloseTo(((PARETO.r + 3) / (PARETO.alpha + 30)) * 40, 9);
  });
});

describe.each([
  { process: bgNbd, parameters: BG },
  { process: paretoNbd, parameters: PARETO },
])('of $process.name', ({ process, parameters }) => {
  const history = fc
    .tuple(
      fc.integer({ min: 0, max: 600 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 1500, noNaN: true }),
    )
    .map(([x, share, age]) => ({ x, recency: x === 0 ? 0 : share * age, age }));

  test('expected purchases are 0 for no time and grow with it, but never faster than the rate', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0.01, max: 500, noNaN: true }), ({ x, age }, weeks) => {
        const at = (t: number): number => process.purchasesIfAlive(parameters, x, age, t);
        expect(at(0)).toBe(0);
        expect(at(weeks)).toBeGreaterThan(0);
        expect(at(2 * weeks)).toBeGreaterThan(at(weeks));
        expect(at(2 * weeks)).toBeLessThanOrEqual(2 * at(weeks) * (1 + 1e-9));
        expect(at(weeks)).toBeLessThanOrEqual(
          ((parameters.r + x) / (parameters.alpha + age)) * weeks * (1 + 1e-9),
        );
      }),
    );
  });

  test('the probability of being alive is one, and falls with the weeks since the last purchase', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0.01, max: 100, noNaN: true }), ({ x, recency, age }, more) => {
        const alive = process.probabilityAlive(parameters, x, recency, age);
        const later = process.probabilityAlive(parameters, x, recency, age + more);
        expect(alive).toBeGreaterThanOrEqual(0);
        expect(alive).toBeLessThanOrEqual(1);
        expect(later).toBeLessThanOrEqual(alive * (1 + 1e-12));
      }),
    );
  });

  test('nothing overflows for very many purchases and very long ages', () => {
    for (const [x, recency, age] of [
      [100_000, 9_999, 10_000],
      [100_000, 1, 10_000],
      [0, 0, 1e7],
      [0, 0, 0],
    ]) {
      const alive = process.probabilityAlive(parameters, x, recency, age);
      expect(alive >= 0 && alive <= 1).toBe(true);
      expect(process.purchasesIfAlive(parameters, x, age, 520)).toSatisfy(Number.isFinite);
    }
    const many = process.purchasesIfAlive({ ...parameters, a: 1e-9, s: 1e-9 }, 100_000, 10_000, 520);
    expect(many / 5200).toBeCloseTo(1, 2);
  });
});

test('in Pareto/NBD who has just bought is alive for certain, and never more than that', () => {
  for (let x = 1; x <= 60; x++) {
    for (const age of [0.5, 3, 7.3, 26, 51.7, 104]) {
      const p = paretoNbd.probabilityAlive(PARETO, x, age, age);
      expect(p).toBeCloseTo(1, 12);
      expect(p).toBeLessThanOrEqual(1);
    }
  }
});

test('in BG/NBD everybody without a repeat purchase is alive; in Pareto/NBD less and less surely', () => {
  expect(bgNbd.probabilityAlive(BG, 0, 0, 500)).toBe(1);
  expect(paretoNbd.probabilityAlive(PARETO, 0, 0, 0)).toBeCloseTo(1, 12);
  expect(paretoNbd.probabilityAlive(PARETO, 0, 0, 500)).toBeLessThan(0.3);
});

describe('expected spend', () => {
  test("is the population's mean without repeat purchases, and the customer's own with very many", () => {
    const population = (SPEND.p * SPEND.v) / (SPEND.q - 1);
    expect(expectedSpend(SPEND, 0, Number.NaN)).toBe(population);
    expect(expectedSpend(SPEND, 1e-9, 80)).toBeCloseTo(population, 5);
    expect(expectedSpend(SPEND, 1e9, 80)).toBeCloseTo(80, 5);
  });

  test("lies between the two, and rises with the customer's own", () => {
    const population = (SPEND.p * SPEND.v) / (SPEND.q - 1);
    for (const x of [1, 2, 10]) {
      expect(expectedSpend(SPEND, x, 80)).toBeGreaterThan(population);
      expect(expectedSpend(SPEND, x, 80)).toBeLessThan(80);
      expect(expectedSpend(SPEND, x, 90)).toBeGreaterThan(expectedSpend(SPEND, x, 80));
      expect(expectedSpend(SPEND, x, -50)).toBe(expectedSpend(SPEND, x, 0));
    }
  });
});

describe.each(['bg-nbd', 'pareto-nbd'] as const)('a prediction by %s', (process) => {
  const model = modelOf(process);

  test('is purchases times spend, and finite for everybody', () => {
    const {
      expectedPurchases,
      expectedSpend: spend,
      expectedClv,
      pAlive,
    } = predictBtyd(model, CUSTOMERS, 26);
    for (let i = 0; i < expectedClv.length; i++) {
      expect(expectedClv[i]).toBe(expectedPurchases[i] * spend[i]);
      expect(expectedClv[i]).toBeGreaterThanOrEqual(0);
      expect(pAlive[i]).toBeLessThanOrEqual(1);
    }
    expect(predictBtyd(model, CUSTOMERS, 0).expectedClv).toEqual(new Float64Array(5));
    expect(predictBtyd(model, summaryOf([]), 26).expectedClv).toHaveLength(0);
  });

  test('falls into months that add up to it', () => {
    const ends = monthEndsInWeeks({ start: '2024-08-31', end: '2025-02-28' });
    const path = predictRevenuePath(model, CUSTOMERS, ends);
    const { expectedClv } = predictBtyd(model, CUSTOMERS, ends[ends.length - 1]);
    expectedClv.forEach((whole, i) => {
      const parts = ends.map((_, month) => path[month * 5 + i]);
      expect(parts.every((part) => part >= 0)).toBe(true);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(whole, 9);
    });
  });

  test('is the same by the model that was stored and read again', () => {
    const again = parseBtydModel(JSON.parse(JSON.stringify(model)));
    expect(again).toEqual(model);
    expect(predictBtyd(again, CUSTOMERS, 26)).toEqual(predictBtyd(model, CUSTOMERS, 26));
  });
});

test('a model that was stored without parameters by value is read as it was', () => {
  const { byValue: _, ...before } = modelOf('bg-nbd');
  expect(parseBtydModel({ ...before, version: 1 })).toEqual(modelOf('bg-nbd'));
});

test('a model whose parameters by value were stored under another name is read as it was', () => {
  const { first, groups } = BY_VALUE;
  const model = { ...modelOf('bg-nbd'), byValue: BY_VALUE };
  expect(parseBtydModel({ ...model, version: 3, byValue: { first, laws: groups } })).toEqual(model);
  const { beyond: _, ...older } = first;
  expect(parseBtydModel({ ...model, version: 2, byValue: { first: older, laws: groups } })).toEqual({
    ...model,
    byValue: { first: { ...first, beyond: 0 }, groups },
  });
});

test('a horizon that is no time ahead is refused', () => {
  for (const weeks of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => predictBtyd(modelOf('bg-nbd'), CUSTOMERS, weeks)).toThrow(
      expect.objectContaining({ code: 'BTYD_HORIZON_INVALID' }),
    );
  expect(() => predictRevenuePath(modelOf('bg-nbd'), CUSTOMERS, [4, 3])).toThrow(/cannot be predicted/);
});

test('what is not a stored model is refused with the reason', () => {
  const model = modelOf('bg-nbd');
  for (const wrong of [
    null,
    { ...model, version: 5 },
    { ...model, byValue: [] },
    { ...model, byValue: { ...BY_VALUE, groups: [] } },
    {
      ...model,
      byValue: { ...BY_VALUE, groups: [{ from: 0, customers: 9, parameters: { r: 1, alpha: 1 } }] },
    },
    { ...model, process: 'pareto-nbd' },
    { ...model, purchases: { ...model.purchases, parameters: { ...BG, r: -1 } } },
    { ...model, spend: { ...model.spend, parameters: { ...SPEND, q: 1 } } },
  ])
    expect(() => parseBtydModel(wrong)).toThrow(expect.objectContaining({ code: 'BTYD_MODEL_INVALID' }));
});

describe('months', () => {
  test('are counted from the start of the window, in weeks', () => {
    expect(monthEndsInWeeks({ start: '2024-08-31', end: '2024-12-10' })).toEqual([
      30 / 7,
      61 / 7,
      91 / 7,
      101 / 7,
    ]);
    expect(monthEndsInWeeks({ start: '2024-08-31', end: '2024-08-31' })).toEqual([]);
  });
});

/**
 * The share of customers who are alive at `age`, without a repeat purchase, that have bought once the share `turn` would
 * have if nobody left: each counts if still there when the turn comes, by the midpoint rule.
 */
function shareThatBuys({ r, alpha, s, beta }: typeof PARETO, age: number, turn: number): number {
  const steps = 50_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const waits = (alpha + age) * ((1 - (turn * (i + 0.5)) / steps) ** (-1 / r) - 1);
    sum += ((beta + age) / (beta + age + waits)) ** s;
  }
  return (turn * sum) / steps;
}

describe('the next order', () => {
  test('comes by the median of the waiting time: half of the gamma mixture has bought by then', () => {
    const weeks = medianWeeksToNextOrder(modelOf('bg-nbd'), CUSTOMERS);
    CUSTOMERS.repeatPurchases.forEach((x, i) => {
      const stillWaiting = (1 + weeks[i] / (BG.alpha + CUSTOMERS.ageWeeks[i])) ** -(BG.r + x);
      expect(stillWaiting).toBeCloseTo(0.5, 10);
    });
  });

  test.each([
    [0.6, 12],
    [20, 2000],
  ])('comes by the median where customers may drop out while they wait (s = %d)', (s, beta) => {
    const parameters = { ...PARETO, s, beta };
    for (const [x, age] of [
      [1, 30],
      [5, 60],
      [30, 78],
    ]) {
      const weeks = paretoNbd.medianWaitIfAlive(parameters, x, age);
      expect(paretoNbd.atLeastIfAlive(parameters, x, age, weeks)[0]).toBeCloseTo(0.5, 5);
    }
  });

  test('comes late where hardly more than half ever order again', () => {
    // Of customers who have not bought for 70 weeks, by the time at which they would buy if they stayed.
    const waiting = { ...PARETO, s: 0.5572 };
    const everAgain = shareThatBuys(waiting, 70, 1);
    expect(everAgain).toBeGreaterThan(0.5);
    const weeks = paretoNbd.medianWaitIfAlive(waiting, 0, 70);
    const turn = 1 - (1 + weeks / (waiting.alpha + 70)) ** -waiting.r;
    expect(shareThatBuys(waiting, 70, turn)).toBeCloseTo(0.5, 6);
  });

  test('does not come by any day where fewer than half ever order again', () => {
    const everAgain = paretoNbd.atLeastIfAlive({ ...PARETO, s: 3 }, 0, 70, 1e6)[0];
    expect(everAgain).toBeLessThan(0.5);
    expect(paretoNbd.medianWaitIfAlive({ ...PARETO, s: 3 }, 0, 70)).toBe(Number.POSITIVE_INFINITY);
  });

  test('comes by the habit of those who spend as much an order, for customers who are alike in all else', () => {
    const weeks = medianWeeksToNextOrder(
      { ...modelOf('bg-nbd'), byValue: BY_VALUE },
      summaryOf([
        [3, 20, 30, 10],
        [3, 20, 30, 60],
      ]),
    );
    [BG.r, 0.4].forEach((r, i) => {
      expect((1 + weeks[i] / (BG.alpha + 30)) ** -(r + 3)).toBeCloseTo(0.5, 10);
    });
  });

  test('is dated from the cutoff on, and not beyond a hundred years', () => {
    expect(dateAfterCutoff('2025-01-01', 0)).toBe('2025-01-01');
    expect(dateAfterCutoff('2025-01-01', 1 / 7)).toBe('2025-01-01');
    expect(dateAfterCutoff('2025-01-01', 1.01 / 7)).toBe('2025-01-02');
    // A hundred years of 52 weeks are 36,400 days, and the last of them is the 36,399th after the first.
    expect(dateAfterCutoff('2025-01-01', 5200)).toBe('2124-08-29');
    expect(dateAfterCutoff('2025-01-01', 5200.1)).toBeNull();
    expect(dateAfterCutoff('2025-01-01', Number.POSITIVE_INFINITY)).toBeNull();
  });
});
