import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../../src/domain/calendar/windows.ts';
import { type ContenderParams, USUAL_BOOSTED_TREES } from '../../../src/domain/forecast/contenderParams.ts';
import type { Forecaster } from '../../../src/domain/forecast/forecaster.ts';
import type { OriginForecasts } from '../../../src/domain/forecast/learnStack.ts';
import { earlierOrigins, type Origin } from '../../../src/domain/forecast/origins.ts';
import { applyStack } from '../../../src/domain/forecast/stack.ts';
import { forecastContenders } from '../../compute/forecastContenders.ts';
import type { WorkContext } from '../../processor.ts';
import { type Decision, decideTournament } from './decideTournament.ts';
import { findBoostedTrees, fitContenders } from './fitContenders.ts';
import type { LabelledCustomersAt, ShopAtCutoffs } from './shopAtCutoffs.ts';

type Context = Pick<WorkContext, 'pool' | 'signal' | 'progress'>;

/** An origin at which the contenders met, and what each forecast there. */
export interface PlayedOrigin extends Origin, OriginForecasts {}

/** What contenders did before, and at, the cutoff that they are measured at. */
export interface Competition {
  /** Origins before the measured one, latest first. */
  readonly origins: readonly PlayedOrigin[];
  /** What was decided by them: no label of the measured cutoff is in it. */
  readonly decision: Decision;
  /** The measured cutoff: customers whose labels neither contenders nor weights had seen. */
  readonly measured: PlayedOrigin & { readonly customers: LabelledCustomersAt };
  /** The forecast of the measured customers that `decision` makes. */
  readonly champion: Float64Array;
  /** How many boosted trees were best at the latest origin before the measured one. */
  readonly boostedTrees: number;
}

/** What a tournament came to. */
export interface Tournament {
  readonly competition: Competition;
  /** How the contenders of `forecaster` are put together: the measured cutoff counts, too. */
  readonly decision: Decision;
  /** The model, fitted on everything up to the end of the labels. */
  readonly forecaster: Forecaster;
  /** The cutoffs that its contenders learned from, latest first. */
  readonly trainingCutoffs: readonly IsoDate[];
}

/** Has the contenders compete, and fits them again with the labels of the measured cutoff included. */
export async function runTournament(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Tournament> {
  const competition = await compete(shop, { cutoff, predMonths }, params, context);
  const { origins, measured, boostedTrees } = competition;
  const decision = await decideTournament([measured, ...origins], predMonths, params.forest.seed, context);
  context.progress(0.75, 'fitting on all months');
  const { end } = predictionWindow(cutoff, predMonths);
  const { btyd, contenders, cutoffs } = await fitContenders(
    shop,
    { end, predMonths },
    params,
    boostedTrees,
    context,
  );
  const { stack, calibration, intervals } = decision;
  const { historyMonths } = shop;
  return {
    competition,
    decision,
    forecaster: { historyMonths, predMonths, btyd, contenders, stack, calibration, intervals },
    trainingCutoffs: cutoffs,
  };
}

/**
 * Has the contenders meet at rolling origins, decides by what they did there how they are put together, and measures
 * the outcome at a later cutoff.
 */
export async function compete(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Competition> {
  const { progress } = context;
  const earlier = earlierOrigins(cutoff, predMonths, shop.firstDate);
  const tell = (step: number, doing: string): void =>
    progress(0.25 + (0.5 * step) / (earlier.length + 1), doing);
  const origins: PlayedOrigin[] = [];
  let boostedTrees = USUAL_BOOSTED_TREES;
  for (const origin of earlier.toReversed()) {
    tell(origins.length, `contenders meet at ${origin.cutoff}`);
    const { forecasts, customers } = await play(shop, origin, params, boostedTrees, context);
    // What an origin says of the best number of trees is for later ones: its own forecasts must not know.
    boostedTrees = await findBoostedTrees(shop, momentOf(origin), params, context);
    origins.unshift({ ...origin, actual: customers.labels, forecasts });
  }
  tell(earlier.length, `contenders meet at ${cutoff}, where they are measured`);
  const { forecasts, customers } = await play(shop, { cutoff, predMonths }, params, boostedTrees, context);
  const decision = await decideTournament(origins, predMonths, params.forest.seed, context);
  return {
    origins,
    decision,
    measured: { cutoff, predMonths, actual: customers.labels, forecasts, customers },
    champion: championOf(decision, forecasts),
    boostedTrees,
  };
}

/** Fits the contenders on what was known at an origin and has them forecast it. */
async function play(
  shop: ShopAtCutoffs,
  origin: Origin,
  params: ContenderParams,
  boostedTrees: number,
  context: Context,
): Promise<{ forecasts: Float64Array[]; customers: LabelledCustomersAt }> {
  const fitted = await fitContenders(shop, momentOf(origin), params, boostedTrees, context);
  const customers = await shop.labelled(origin.cutoff, origin.predMonths);
  const windows = { historyMonths: shop.historyMonths, predMonths: origin.predMonths };
  const { pool, signal } = context;
  return { forecasts: await forecastContenders(pool, fitted, customers, windows, { signal }), customers };
}

function momentOf({ cutoff, predMonths }: Origin) {
  return { end: cutoff, predMonths };
}

/** What a decision makes of the contenders' forecasts. */
function championOf({ stack, calibration }: Decision, forecasts: readonly Float64Array[]): Float64Array {
  return applyStack(stack, forecasts).map((value) => value * calibration);
}
