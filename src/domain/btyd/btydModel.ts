import { z } from 'zod';
import { bgNbd } from './bgNbd.ts';
import { BtydModelError } from './errors.ts';
import type { SpendFit } from './gammaGamma.ts';
import type { MaximumLikelihood } from './maximumLikelihood.ts';
import { type ParametersByValue, valueGroupOfEach } from './parametersByValue.ts';
import { paretoNbd } from './paretoNbd.ts';
import type { PurchaseParameters, PurchaseProcess } from './purchaseProcess.ts';
import { type Spending, spendingInParts, together } from './spending.ts';
import type { BtydSummary } from './summary.ts';

/** The version of the stored form; it rises when an old reader would misread a new file. */
export const BTYD_MODEL_VERSION = 4;

/** A fitted model of purchases and spend: plain values, the same after `JSON.stringify` and {@link parseBtydModel}. */
export interface BtydModel {
  readonly version: typeof BTYD_MODEL_VERSION;
  readonly process: PurchaseProcess['name'];
  /** Customers that the purchase process was fitted on, and how many of them bought again. */
  readonly customers: number;
  readonly repeatCustomers: number;
  /** The purchase process fitted on all customers together. */
  readonly purchases: MaximumLikelihood;
  /** Parameters for customers of similar value, used instead; null where one set holds for all, as in the literature. */
  readonly byValue: ParametersByValue | null;
  readonly spend: SpendFit;
}

const PROCESSES: Readonly<Record<PurchaseProcess['name'], PurchaseProcess>> = {
  'bg-nbd': bgNbd,
  'pareto-nbd': paretoNbd,
};

/** The process of purchases of that name. */
export function purchaseProcess(name: PurchaseProcess['name']): PurchaseProcess {
  return PROCESSES[name];
}

/** The purchases that a model learns spending from: all of them, or, as in the literature, those after the first. */
export function spendingOf({ byValue }: Pick<BtydModel, 'byValue'>, summary: BtydSummary): Spending {
  return together(spendingInParts(byValue?.first ?? null, summary));
}

/**
 * The parameters of each value group, and for each customer the index of his or her group; a single group where a model
 * has none.
 *
 * @param meanValue the mean value of each customer's purchases, in currency, as the model counts them (`spendingOf`).
 */
export function parametersOf(
  { purchases, byValue }: BtydModel,
  meanValue: Float64Array,
): { readonly parameters: readonly PurchaseParameters[]; readonly groupOf: Int32Array } {
  if (byValue === null)
    return { parameters: [purchases.parameters], groupOf: new Int32Array(meanValue.length) };
  const begins = byValue.groups.map(({ from }) => from);
  return {
    parameters: byValue.groups.map(({ parameters }) => parameters),
    groupOf: valueGroupOfEach(begins, meanValue),
  };
}

const count = z.int().nonnegative();
const fit = {
  logLikelihood: z.number(),
  iterations: count,
  converged: z.boolean(),
  atBound: z.array(z.string()),
};
const positive = z.number().positive();
const parameters = z.record(z.string(), positive);
const first = z.object({
  laterOverFirst: positive,
  upTo: z.number().nonnegative(),
  beyond: z.number().min(0).max(1).default(0),
});
const groups = z.array(z.object({ from: z.number().nonnegative(), customers: count, parameters })).min(1);
const model = z.object({
  // Version 1 had no parameters by value; in version 2 nothing counted beyond `upTo`; up to version 3 groups were `laws`.
  version: z
    .literal([1, 2, 3, BTYD_MODEL_VERSION])
    .transform((): typeof BTYD_MODEL_VERSION => BTYD_MODEL_VERSION),
  process: z.enum(['bg-nbd', 'pareto-nbd']),
  customers: count,
  repeatCustomers: count,
  purchases: z.object({ parameters, ...fit }),
  byValue: z
    .union([
      z.object({ first, groups }),
      z.object({ first, laws: groups }).transform(({ first, laws }) => ({ first, groups: laws })),
    ])
    .nullable()
    .default(null),
  spend: z.object({
    parameters: z.object({ p: positive, q: z.number().gt(1), v: positive }),
    ...fit,
    customers: count,
  }),
});

/** The model in a value that was parsed from JSON. Throws BtydModelError `BTYD_MODEL_INVALID` for anything else. */
export function parseBtydModel(value: unknown): BtydModel {
  const parsed = model.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const { process, purchases, byValue } = parsed.data;
  const fits = [purchases, ...(byValue?.groups ?? [])];
  const missing = purchaseProcess(process).parameterNames.filter((name) =>
    fits.some((it) => it.parameters[name] === undefined),
  );
  if (missing.length > 0) throw invalid(`${process} lacks ${missing.join(', ')}.`);
  return parsed.data;
}

function invalid(why: string): BtydModelError {
  return new BtydModelError(
    'BTYD_MODEL_INVALID',
    `These are not the parameters of a purchase model: ${why}`,
    {
      remedy: 'Fit the model again.',
      values: { version: BTYD_MODEL_VERSION },
    },
  );
}
