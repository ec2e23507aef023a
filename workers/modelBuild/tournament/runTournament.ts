import type { IsoDate } from '../../../src/domain/calendar/dates.ts';
import { predictionWindow } from '../../../src/domain/calendar/windows.ts';
import { LEAST_CUSTOMERS } from '../../../src/domain/evaluation/leastCustomers.ts';
import type { EvaluatedOrigin } from '../../../src/domain/forecast/combine.ts';
import {
  type ContenderParams,
  DEFAULT_BOOSTED_TREES,
} from '../../../src/domain/forecast/contenders/contenderParams.ts';
import type { Forecaster } from '../../../src/domain/forecast/forecaster.ts';
import type { TotalBounds } from '../../../src/domain/forecast/intervals/totalSpread.ts';
import { earlierOrigins, type Origin, trainingCutoffs } from '../../../src/domain/forecast/origins.ts';
import type { Season } from '../../../src/domain/forecast/season/season.ts';
import { type ContendersOfMoment, forecastContenders } from '../../compute/forecastContenders.ts';
import { predictDistributions } from '../../compute/predictDistributions.ts';
import type { WorkContext } from '../../processor.ts';
import { type Decision, decideTournament } from './decideTournament.ts';
import { findBoostedTrees, fitContenders } from './fitContenders.ts';
import { type FitMoment, learnedRows } from './learnedRows.ts';
import type { ShopAtCutoffs } from './shopAtCutoffs.ts';

type Context = Pick<WorkContext, 'pool' | 'signal' | 'progress'>;

/** An origin, and what each contender forecast there. */
export interface DatedOrigin extends Origin, EvaluatedOrigin {}

/** What contenders did before, and at, the cutoff that they are measured at. */
export interface Competition {
  /** The season as it was known at the measured cutoff; null where none was. All forecasts below follow it. */
  readonly season: Season | null;
  /** Origins before the measured one, latest first. */
  readonly origins: readonly DatedOrigin[];
  /** What was decided by them: no label of the measured cutoff is in it. */
  readonly decision: Decision;
  /** The measured cutoff: customers whose labels neither contenders nor weights had seen. */
  readonly measured: DatedOrigin;
  /** The contenders that forecast it, fitted on what was known there. */
  readonly fitted: ContendersOfMoment;
  /** The forecast of the measured customers that `decision` makes. */
  readonly champion: Float64Array;
  /** The share of them within the intervals that `decision` makes; null without intervals. */
  readonly coverage: number | null;
  /** The bounds of their total that `decision` makes; null without them. */
  readonly totalBounds: TotalBounds | null;
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
  context.progress(0.75, 'fitting on all months');
  const past = await pastOfModel(shop, measuredAt, competition, params, context);
  return { competition, ...(await fitDecided(shop, measuredAt, past, params, context)) };
}

/**
 * What contenders did at the measured cutoff and before it. Where it was followed by the first months that tell a season,
 * or by some that take it away, they are measured once more: weights and corrections of forecasts that knew none do not fit
 * forecasts that follow one.
 */
async function pastOfModel(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  { season, origins, measured, boostedTrees }: Competition,
  params: ContenderParams,
  context: Context,
): Promise<Backtest> {
  const { end } = predictionWindow(cutoff, predMonths);
  if (knowTheSame(season, await shop.season(end)))
    return { season, origins: [measured, ...origins], boostedTrees };
  return backtest(shop, { cutoff: end, predMonths }, params, {
    ...context,
    progress: (share, doing) => context.progress(0.75 + 0.1 * share, doing),
  });
}

/** Whether two seasons know of the same: of twelve factors or of none, and of the same change of level. */
function knowTheSame(a: Season | null, b: Season | null): boolean {
  return (
    (a === null) === (b === null) && a?.shift?.from === b?.shift?.from && a?.shift?.until === b?.shift?.until
  );
}

/** As `runTournament` fits, without measuring: the model whose last labels are those of the window behind `origin`. */
export async function fitByTournament(
  shop: ShopAtCutoffs,
  origin: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Forecaster> {
  const { end } = predictionWindow(origin.cutoff, origin.predMonths);
  const past = await backtest(shop, { cutoff: end, predMonths: origin.predMonths }, params, context);
  return (await fitDecided(shop, origin, past, params, context)).forecaster;
}

/**
 * Evaluates the contenders at rolling origins, decides by what they did there how they are put together, and measures the
 * outcome at a later cutoff.
 */
export async function compete(
  shop: ShopAtCutoffs,
  measuredAt: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Competition> {
  const { origins, boostedTrees, season } = await backtest(shop, measuredAt, params, context);
  context.progress(0.6, `measuring contenders at ${measuredAt.cutoff}`);
  const learned = await learnedRows(shop, momentOf(measuredAt, season), params, context);
  const fitted = await fitContenders(shop, learned, params, boostedTrees, context);
  const measured = await evaluateAt(shop, measuredAt, fitted, context);
  const { predMonths } = measuredAt;
  const { seed } = params.forest;
  const decision = await decideTournament(origins, { predMonths, season, seed }, context);
  const { pool, signal } = context;
  const { predicted, coverage, totalBounds } = await pool.run(
    'forecastCombinedTask',
    { combination: decision, origin: measured },
    signal,
  );
  return {
    season,
    origins,
    decision,
    measured,
    fitted,
    champion: predicted,
    coverage,
    totalBounds,
    boostedTrees,
  };
}

/** What contenders did at the origins before a cutoff. */
interface Backtest {
  /** As it was known at the cutoff; the origins, which are about weights alone, follow it, too. */
  readonly season: Season | null;
  /** Latest first. */
  readonly origins: readonly DatedOrigin[];
  /** How many boosted trees were best at them. */
  readonly boostedTrees: number;
}

/** Has the contenders forecast the origins whose labels end at or before a cutoff, each fitted on the labels known there. */
async function backtest(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  params: ContenderParams,
  context: Context,
): Promise<Backtest> {
  const season = await shop.season(cutoff);
  const earlier = await withEnoughCustomers(shop, earlierOrigins(cutoff, predMonths, shop.openingDate));
  const origins: DatedOrigin[] = [];
  const bestTrees = [DEFAULT_BOOSTED_TREES];
  for (const origin of earlier.toReversed()) {
    const share = 0.25 + (0.35 * origins.length) / earlier.length;
    context.progress(share, `comparing contenders at ${origin.cutoff}`);
    const learned = await learnedRows(shop, momentOf(origin, season), params, context);
    const [evaluated, trees] = await Promise.all([
      fitContenders(shop, learned, params, geometricMean(bestTrees), context).then((fitted) =>
        evaluateAt(shop, origin, fitted, context),
      ),
      findBoostedTrees(shop, learned, params, context),
    ]);
    origins.unshift(evaluated);
    // What an origin says of the best number of trees is for later ones: its own forecasts must not know.
    bestTrees.push(trees);
  }
  return { origins, boostedTrees: geometricMean(bestTrees), season };
}

/** The default number of trees counts as what one origin found, because the best number varies widely by chance. */
function geometricMean(counts: readonly number[]): number {
  return Math.round(Math.exp(counts.reduce((sum, count) => sum + Math.log(count), 0) / counts.length));
}

/** The origins at which there are customers to learn from and to measure. */
async function withEnoughCustomers(shop: ShopAtCutoffs, origins: readonly Origin[]): Promise<Origin[]> {
  const found: Origin[] = [];
  for (const { cutoff, predMonths } of origins) {
    const [fit] = trainingCutoffs(cutoff, predMonths, shop.openingDate, 1);
    const learned = await shop.labelled(fit, predMonths);
    const measured = await shop.labelled(cutoff, predMonths);
    if (Math.min(learned.matrix.rows, measured.matrix.rows) < LEAST_CUSTOMERS) break;
    found.push({ cutoff, predMonths });
  }
  return found;
}

/** Decides by the past origins, and fits the contenders on everything up to the end of the window behind `origin`. */
async function fitDecided(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  { season: known, origins, boostedTrees }: Backtest,
  params: ContenderParams,
  context: Context,
): Promise<Omit<Tournament, 'competition'>> {
  const { seed } = params.forest;
  const decision = await decideTournament(origins, { predMonths, season: known, seed }, context);
  const { end } = predictionWindow(cutoff, predMonths);
  const season = await shop.season(end);
  const learned = await learnedRows(shop, { end, predMonths, season }, params, context);
  const [{ btyd, contenders }, activity] = await Promise.all([
    fitContenders(shop, learned, params, boostedTrees, context),
    shop.activityModel(end, season),
  ]);
  const { historyMonths } = shop;
  const { stack, calibration, intervals, totalSpread } = decision;
  const fitted = { btyd, activity, contenders, season };
  const forecaster = { historyMonths, predMonths, ...fitted, stack, calibration, intervals, totalSpread };
  return { decision, forecaster, trainingCutoffs: learned.cutoffs };
}

/** Has contenders that were fitted on what was known at an origin forecast it. */
async function evaluateAt(
  shop: ShopAtCutoffs,
  { cutoff, predMonths }: Origin,
  fitted: ContendersOfMoment,
  { pool, signal }: Context,
): Promise<DatedOrigin> {
  const customers = await shop.labelled(cutoff, predMonths);
  // The distributions are one task, which would keep one thread waiting.
  const [forecasts, distributions] = await Promise.all([
    forecastContenders(pool, fitted, customers, { signal }),
    predictDistributions(pool, fitted.btyd, customers, { signal }),
  ]);
  return { cutoff, predMonths, actual: customers.labels, forecasts, distributions };
}

function momentOf({ cutoff, predMonths }: Origin, season: Season | null): FitMoment {
  return { end: cutoff, predMonths, season };
}
