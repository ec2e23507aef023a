import type { BtydModel } from './btydModel.ts';
import { lnGamma } from './gammaFunctions.ts';
import type { PurchaseParameters } from './purchaseProcess.ts';

/** The shape of the wider distribution of rates: the exponential one. */
const WIDER = 1;

/**
 * The parameters that hold for a customer: those of the value group, or wider ones for who buys far more often than they
 * would have anybody buy.
 *
 * Where customers are much alike, the gamma distribution of their rates is narrow, and draws whoever is unlike them to them,
 * however long the own record is. So the distribution counts as contaminated (Box and Tiao 1968, A Bayesian Approach to Some
 * Outlier Problems, Biometrika 55), as if one of all customers came from an exponential one with the same mean. That one is
 * taken where it is the likelier origin of the customer's purchases up to the last. Models as in the literature, without
 * parameters by value, know no such customers.
 *
 * @param x repeat purchases. @param recency weeks from the first purchase to the last.
 */
export function withUnusualRate(
  { byValue, customers }: Pick<BtydModel, 'byValue' | 'customers'>,
  parameters: PurchaseParameters,
  x: number,
  recency: number,
): PurchaseParameters {
  const { r, alpha } = parameters;
  if (byValue === null || r <= WIDER || x * alpha <= r * recency) return parameters;
  const wider = { r: WIDER, alpha: (WIDER * alpha) / r };
  const lnOdds = lnEvidence(wider, x, recency) - lnEvidence({ r, alpha }, x, recency);
  return lnOdds > Math.log(customers) ? { ...parameters, ...wider } : parameters;
}

/** The logarithm of the density of x purchases, the last at `recency`, of a customer who is there until then; up to a constant. */
function lnEvidence({ r, alpha }: { r: number; alpha: number }, x: number, recency: number): number {
  return lnGamma(r + x) - lnGamma(r) + r * Math.log(alpha) - (r + x) * Math.log(alpha + recency);
}
