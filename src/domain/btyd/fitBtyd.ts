import { counted } from '../words/counted.ts';
import { BTYD_MODEL_VERSION, type BtydModel, purchaseProcess } from './btydModel.ts';
import { BtydInputError } from './errors.ts';
import { fitGammaGamma } from './gammaGamma.ts';
import { maximiseLikelihood } from './maximumLikelihood.ts';
import { fitParametersByValue } from './parametersByValue.ts';
import { distinctHistories } from './purchaseHistories.ts';
import type { PurchaseProcess } from './purchaseProcess.ts';
import { spendingInParts } from './spending.ts';
import { type BtydSummary, checkSummary } from './summary.ts';

/** What to fit. */
export interface BtydOptions {
  /** The model of purchases; default BG/NBD. */
  readonly process?: PurchaseProcess['name'];
  /**
   * Whether the parameters of the purchase process may depend on the value of a customer's purchases
   * (`fitParametersByValue`); default no. If so, the value is learned from all purchases, otherwise, as in the literature,
   * from those after the first.
   */
  readonly byValue?: boolean;
}

/**
 * Fits a purchase process and the Gamma-Gamma model of spend by maximum likelihood. The same summary gives the same
 * bytes. A search that did not converge is not an error: `converged` is false, and `atBound` names the parameters that
 * the data does not determine.
 *
 * Throws BtydInputError for an impossible summary (`checkSummary`), for no customers (`BTYD_NO_CUSTOMERS`), where
 * nobody bought on a second day (`BTYD_NO_REPEAT_PURCHASES`), and where none of the purchases that spending is learned
 * from has a value above zero (`BTYD_NO_SPEND`).
 */
export function fitBtyd(summary: BtydSummary, options: BtydOptions = {}): BtydModel {
  checkSummary(summary);
  const process = purchaseProcess(options.process ?? 'bg-nbd');
  const customers = summary.repeatPurchases.length;
  if (customers === 0)
    throw new BtydInputError('BTYD_NO_CUSTOMERS', 'There is no customer to fit a purchase model to.');
  const repeatCustomers = summary.repeatPurchases.reduce((sum, x) => sum + (x > 0 ? 1 : 0), 0);
  if (repeatCustomers === 0) {
    throw new BtydInputError(
      'BTYD_NO_REPEAT_PURCHASES',
      `None of ${counted(customers, 'customer')} bought on a second day, so nothing says how often customers come back.`,
      {
        remedy: 'Use orders that reach further back, or a model that does not need repeat purchases.',
        values: { customers },
      },
    );
  }
  const histories = distinctHistories(summary);
  const purchases = maximiseLikelihood({
    parameterNames: process.parameterNames,
    floors: process.parameterNames.map(() => 0),
    observations: customers,
    startingPoints: process.startingPoints(histories),
    logLikelihood: (parameters, gradient) => process.logLikelihood(parameters, histories, gradient),
  });
  const byValue =
    options.byValue === true ? fitParametersByValue(process, summary, purchases.parameters) : null;
  return {
    version: BTYD_MODEL_VERSION,
    process: process.name,
    customers,
    repeatCustomers,
    purchases,
    byValue,
    spend: fitGammaGamma(spendingInParts(byValue?.first ?? null, summary)),
  };
}
