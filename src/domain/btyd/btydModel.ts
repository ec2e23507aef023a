import { z } from 'zod';
import { bgNbd } from './bgNbd.ts';
import { BtydModelError } from './errors.ts';
import type { SpendFit } from './gammaGamma.ts';
import type { MaximumLikelihood } from './maximumLikelihood.ts';
import { paretoNbd } from './paretoNbd.ts';
import type { PurchaseProcess } from './purchaseProcess.ts';

/** The version of the stored form; it rises when an old reader would misread a new file. */
export const BTYD_MODEL_VERSION = 1;

/** A fitted model of purchases and spend: plain values, the same after `JSON.stringify` and {@link parseBtydModel}. */
export interface BtydModel {
  readonly version: typeof BTYD_MODEL_VERSION;
  readonly process: PurchaseProcess['name'];
  /** Customers that the purchase process was fitted on, and how many of them bought again. */
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly purchases: MaximumLikelihood;
  readonly spend: SpendFit;
}

const PROCESSES: Readonly<Record<PurchaseProcess['name'], PurchaseProcess>> = {
  'bg-nbd': bgNbd,
  'pareto-nbd': paretoNbd,
};

export function purchaseProcess(name: PurchaseProcess['name']): PurchaseProcess {
  return PROCESSES[name];
}

const count = z.int().nonnegative();
const fit = {
  logLikelihood: z.number(),
  iterations: count,
  converged: z.boolean(),
  atBound: z.array(z.string()),
};
const positive = z.number().positive();
const model = z.object({
  version: z.literal(BTYD_MODEL_VERSION),
  process: z.enum(['bg-nbd', 'pareto-nbd']),
  customers: count,
  repeatCustomers: count,
  purchases: z.object({ parameters: z.record(z.string(), positive), ...fit }),
  spend: z.object({
    parameters: z.object({ p: positive, q: z.number().gt(1), v: positive }),
    ...fit,
    customers: count,
  }),
});

/** The model in a parsed JSON text. Throws BtydModelError `BTYD_MODEL_INVALID` for anything else. */
export function parseBtydModel(value: unknown): BtydModel {
  const parsed = model.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const missing = purchaseProcess(parsed.data.process).parameterNames.filter(
    (name) => parsed.data.purchases.parameters[name] === undefined,
  );
  if (missing.length > 0) throw invalid(`${parsed.data.process} lacks ${missing.join(', ')}.`);
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
