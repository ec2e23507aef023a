import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bgNbd } from '../../../src/domain/btyd/bgNbd.ts';
import { lnGamma } from '../../../src/domain/btyd/gammaFunctions.ts';
import { spendLikelihood } from '../../../src/domain/btyd/gammaGamma.ts';
import { paretoNbd } from '../../../src/domain/btyd/paretoNbd.ts';
import { distinctHistories } from '../../../src/domain/btyd/purchaseHistories.ts';
import { summaryOf } from './simulateCustomers.ts';

const CUSTOMERS = summaryOf([
  [0, 0, 0],
  [0, 0, 1 / 7],
  [0, 0, 40],
  [0, 0, 40],
  [1, 2, 2],
  [1, 3, 50, 12],
  [4, 30, 31, 20],
  [12, 8, 90, 3],
  [500, 99, 100, 150],
  [7, 500, 5000, 40],
]);
const HISTORIES = distinctHistories(CUSTOMERS);

type Likelihood = (parameters: Float64Array, gradient: Float64Array) => number;

/** Central differences in the logarithm of each parameter, against the gradient that the function gives. */
function expectGradient(likelihood: Likelihood, parameters: Float64Array): void {
  const gradient = new Float64Array(parameters.length);
  const value = likelihood(parameters, gradient);
  expect(value).toSatisfy(Number.isFinite);
  const unused = new Float64Array(parameters.length);
  const h = 1e-5;
  for (let i = 0; i < parameters.length; i++) {
    const at = (factor: number): number =>
      likelihood(
        parameters.map((x, j) => (j === i ? x * factor : x)),
        unused,
      );
    const difference = (at(Math.exp(h)) - at(Math.exp(-h))) / (2 * h);
    const tolerance = 1e-5 * Math.max(1, Math.abs(difference)) + (1e-15 * Math.abs(value)) / h;
    expect(Math.abs(gradient[i] * parameters[i] - difference), `${i} of ${parameters}`).toBeLessThan(
      tolerance,
    );
  }
}

const positive = (least: number, most: number) =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);

describe('the gradient of the log-likelihood', () => {
  test.each([bgNbd, paretoNbd])('of $name is that of central differences', (process) => {
    fc.assert(
      fc.property(fc.tuple(...Array.from({ length: 4 }, () => positive(0.02, 200))), (parameters) =>
        expectGradient(
          (point, gradient) => process.logLikelihood(point, HISTORIES, gradient),
          Float64Array.from(parameters),
        ),
      ),
    );
  });

  test('of Gamma-Gamma is that of central differences', () => {
    const later = {
      transactions: Float64Array.of(1, 1, 3, 500, 0),
      meanValue: Float64Array.of(12, 0.01, 40, 900, Number.NaN),
    };
    const first = {
      transactions: new Float64Array(5).fill(1),
      meanValue: Float64Array.of(15, 8, 0, 0.3, 20),
    };
    for (const parts of [[later], [first, later]]) {
      const { customers, logLikelihood } = spendLikelihood(parts);
      expect(customers).toBe(parts.length === 1 ? 4 : 5);
      fc.assert(
        fc.property(fc.tuple(...Array.from({ length: 3 }, () => positive(0.05, 100))), (parameters) =>
          expectGradient(logLikelihood, Float64Array.from(parameters)),
        ),
      );
    }
  });
});

describe('the log-likelihood', () => {
  test.each([bgNbd, paretoNbd])(
    'of $name counts customers of the same history as often as they are',
    (process) => {
      const parameters = Float64Array.of(0.5, 6, 0.7, 3);
      const single = CUSTOMERS.repeatPurchases.reduce((sum, _, i) => {
        const alone = distinctHistories(
          summaryOf([[CUSTOMERS.repeatPurchases[i], CUSTOMERS.recencyWeeks[i], CUSTOMERS.ageWeeks[i], 1]]),
        );
        return sum + process.logLikelihood(parameters, alone, new Float64Array(4));
      }, 0);
      expect(HISTORIES.count.length).toBe(9);
      expect(process.logLikelihood(parameters, HISTORIES, new Float64Array(4)) / single).toBeCloseTo(1, 12);
    },
  );

  // The definition, integrated over the two rates by brute force.
  test('of Pareto/NBD is the mean over purchase and dropout rates, whichever of alpha and beta is larger', () => {
    const [x, recency, age] = [2, 3, 7];
    for (const [r, alpha, s, beta] of [
      [3, 4, 3, 9],
      [3, 11, 4, 5],
      [3, 6, 3, 6],
    ]) {
      const densityOf = (shape: number, rate: number, value: number): number =>
        Math.exp(shape * Math.log(rate) - lnGamma(shape) + (shape - 1) * Math.log(value) - rate * value);
      let wanted = 0;
      const step = 0.02;
      for (let buys = step / 2; buys < 12; buys += step) {
        for (let leaves = step / 2; leaves < 12; leaves += step) {
          const rate = buys + leaves;
          const history =
            (buys ** x / rate) * (leaves * Math.exp(-rate * recency) + buys * Math.exp(-rate * age));
          wanted += history * densityOf(r, alpha, buys) * densityOf(s, beta, leaves) * step * step;
        }
      }
      const history = distinctHistories(summaryOf([[x, recency, age, 1]]));
      const found = paretoNbd.logLikelihood(Float64Array.of(r, alpha, s, beta), history, new Float64Array(4));
      expect(found).toBeCloseTo(Math.log(wanted), 4);
    }
  });

  test.each([bgNbd, paretoNbd])(
    'of $name is finite for parameters and histories at the edge of reason',
    (process) => {
      const histories = distinctHistories(
        summaryOf([
          [100_000, 9999, 10_000, 1],
          [0, 0, 1e6],
          [1, 1e-3, 1e6, 1],
          [500, 1, 5000, 1],
        ]),
      );
      for (const r of [1e-4, 8000])
        for (const alpha of [1e-4, 8000])
          for (const a of [1e-4, 8000])
            for (const b of [1e-4, 8000]) {
              const gradient = new Float64Array(4);
              expect(process.logLikelihood(Float64Array.of(r, alpha, a, b), histories, gradient)).toSatisfy(
                Number.isFinite,
              );
              expect([...gradient].every(Number.isFinite)).toBe(true);
            }
    },
  );
});
