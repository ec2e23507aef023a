import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../../src/domain/calendar/windows.ts';
import { LEAST_CUSTOMERS } from '../../../src/domain/evaluation/leastCustomers.ts';
import type { MetOrigin } from '../../../src/domain/forecast/combine.ts';
import {
  type ContenderParams,
  USUAL_BOOSTED_TREES,
} from '../../../src/domain/forecast/contenders/contenderParams.ts';
import type { Forecaster } from '../../../src/domain/forecast/forecaster.ts';
import { earlierOrigins, type Origin, trainingCutoffs } from '../../../src/domain/forecast/origins.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';
import { type ContendersOfMoment, forecastContenders } from '../../compute/forecastContenders.ts';
import { predictLaws } from '../../compute/predictLaws.ts';
import type { WorkContext } from '../../processor.ts';
import { type Decision, decideTournament } from './decideTournament.ts';
import { findBoostedTrees, fitContenders } from './fitContenders.ts';
import { type FitMoment, learnedRows } from './learnedRows.ts';
import type { ShopAtCutoffs } from './shopAtCutoffs.ts';

type Context = Pick<WorkContext, 'pool' | 'signal' | 'progress'>;

/** An origin at which the contenders met, and what each forecast there. */
export interface PlayedOrigin extends Origin, MetOrigin {}

/** What contenders did before, and at, the cutoff that they are measured at. */
export interface Competition {
  /** The season as it was known at the measured cutoff; null where none was. All forecasts below follow it. */
  readonly season: Season | null;
  /** Origins before the measured one, latest first. */
  readonly origins: readonly PlayedOrigin[];
  /** What was decided by them: no label of the measured cutoff is in it. */
  readonly decision: Decision;
  /** The measured cutoff: customers whose labels neither contenders nor weights had seen. */
  readonly measured: PlayedOrigin;
  /** The contenders as they met there, fitted on what was known at it. */
  readonly fitted: ContendersOfMoment;
  /** The forecast of the measured customers that `decision` makes. */
  readonly champion: Float64Array;
  /** The share of them within the intervals that `decision` makes; null without intervals. */
  readonly coverage: number | null;
  /** How many boosted trees were best at the origins before the measured one. */
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
  measuredAt: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Tournament> {
  const competition = await compete(shop, measuredAt, params, context);
  const { season, origins, measured, boostedTrees } = competition;
  context.progress(0.75, 'fitting on all months');
  const final = await fitDecided(
    shop,
    measuredAt,
    { season, origins: [measured, ...origins], boostedTrees },
    params,
    context,
  );
  return { competition, ...final };
}

/** As `runTournament` fits, without measuring: the model whose last labels are those of the window behind `origin`. */
export async function fitByTournament(
  shop: ShopAtCutoffs,
  origin: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Forecaster> {
  const { end } = predictionWindow(origin.cutoff, origin.predMonths);
  const met = await meetBefore(shop, { cutoff: end, predMonths: origin.predMonths }, params, context);
  return (await fitDecided(shop, origin, met, params, context)).forecaster;
}

/**
 * Has the contenders meet at rolling origins, decides by what they did there how they are put together, and measures
 * the outcome at a later cutoff.
 */
export async function compete(
  shop: ShopAtCutoffs,
  measuredAt: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Competition> {
  const { origins, boostedTrees, season } = await meetBefore(shop, measuredAt, params, context);
  context.progress(0.6, `contenders meet at ${measuredAt.cutoff}, where they are measured`);
  const learned = await learnedRows(shop, momentOf(measuredAt, season), params, context);
  const fitted = await fitContenders(shop, learned, params, boostedTrees, context);
  const measured = await meet(shop, measuredAt, fitted, context);
  const { predMonths } = measuredAt;
  const { seed } = params.forest;
  const decision = await decideTournament(origins, { predMonths, season, seed }, context);
  const { pool, signal } = context;
  const { predicted, coverage } = await pool.run(
    'forecastCombinedTask',
    { combination: decision, origin: measured },
    signal,
  );
  return { season, origins, decision, measured, fitted, champion: predicted, coverage, boostedTrees };
}

/** What contenders did before a cutoff. */
interface Met {
  /** What was known of it at the cutoff; it holds for the origins, too, which are about weights alone. */
  readonly season: Season | null;
  /** Latest first. */
  readonly origins: readonly PlayedOrigin[];
  /** How many boosted trees were best at them. */
  readonly boostedTrees: number;
}

/** Has the contenders meet at the origins whose labels end at or before a cutoff. */
async function meetBefore(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Met> {
  const season = await shop.season(cutoff);
  const earlier = await playable(shop, earlierOrigins(cutoff, predMonths, shop.firstDate));
  const origins: PlayedOrigin[] = [];
  const bestTrees = [USUAL_BOOSTED_TREES];
  for (const origin of earlier.toReversed()) {
    const share = 0.25 + (0.35 * origins.length) / earlier.length;
    context.progress(share, `contenders meet at ${origin.cutoff}`);
    const learned = await learnedRows(shop, momentOf(origin, season), params, context);
    const [played, trees] = await Promise.all([
      fitContenders(shop, learned, params, geometricMean(bestTrees), context).then((fitted) =>
        meet(shop, origin, fitted, context),
      ),
      findBoostedTrees(shop, learned, params, context),
    ]);
    origins.unshift(played);
    // What an origin says of the best number of trees is for later ones: its own forecasts must not know.
    bestTrees.push(trees);
  }
  return { origins, boostedTrees: geometricMean(bestTrees), season };
}

/** The usual number of trees counts as what one origin found: the best number strays widely by chance. */
function geometricMean(counts: readonly number[]): number {
  return Math.round(Math.exp(counts.reduce((sum, count) => sum + Math.log(count), 0) / counts.length));
}

/** The origins at which there are customers to learn from and to measure. */
async function playable(shop: ShopAtCutoffs, origins: readonly Origin[]): Promise<Origin[]> {
  const found: Origin[] = [];
  for (const { cutoff, predMonths } of origins) {
    const [fit] = trainingCutoffs(cutoff, predMonths, shop.firstDate, 1);
    const [learned, met] = [await shop.labelled(fit, predMonths), await shop.labelled(cutoff, predMonths)];
    if (Math.min(learned.matrix.rows, met.matrix.rows) < LEAST_CUSTOMERS) break;
    found.push({ cutoff, predMonths });
  }
  return found;
}

/** Decides by what was met, and fits the contenders on everything up to the end of the window behind `origin`. */
async function fitDecided(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  { season: known, origins, boostedTrees }: Met,
  params: ContenderParams,
  context: Context,
): Promise<Omit<Tournament, 'competition'>> {
  const { seed } = params.forest;
  const decision = await decideTournament(origins, { predMonths, season: known, seed }, context);
  const { end } = predictionWindow(cutoff, predMonths);
  const season = await shop.season(end);
  const learned = await learnedRows(shop, { end, predMonths, season }, params, context);
  const { btyd, contenders } = await fitContenders(shop, learned, params, boostedTrees, context);
  const { historyMonths } = shop;
  const { stack, calibration, intervals } = decision;
  const forecaster = { historyMonths, predMonths, btyd, contenders, season, stack, calibration, intervals };
  return { decision, forecaster, trainingCutoffs: learned.cutoffs };
}

/** Has contenders that were fitted on what was known at an origin forecast it. */
async function meet(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  fitted: ContendersOfMoment,
  { pool, signal }: Context,
): Promise<PlayedOrigin> {
  const customers = await shop.labelled(cutoff, predMonths);
  const forecasts = await forecastContenders(pool, fitted, customers, { signal });
  const laws = await predictLaws(pool, fitted.btyd, customers, { signal });
  return { cutoff, predMonths, actual: customers.labels, forecasts, laws };
}

function momentOf({ cutoff, predMonths }: Origin, season: Season | null): FitMoment {
  return { end: cutoff, predMonths, season };
}
