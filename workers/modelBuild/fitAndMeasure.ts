import type { IsoDate } from '../../src/domain/calendar/dates.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { LEAST_CUSTOMERS } from '../../src/domain/evaluation/leastCustomers.ts';
import type { TrainingPlan } from '../../src/domain/evaluation/trainingCutoff.ts';
import { CONTENDERS, type FittedContender } from '../../src/domain/forecast/contenders/contender.ts';
import type { ContenderParams } from '../../src/domain/forecast/contenders/contenderParams.ts';
import type { Engine } from '../../src/domain/forecast/engine.ts';
import { type Forecaster, forecasterOfForest } from '../../src/domain/forecast/forecaster.ts';
import { shareWithin } from '../../src/domain/forecast/intervals/forecastIntervals.ts';
import type { TotalBounds } from '../../src/domain/forecast/intervals/totalSpread.ts';
import type { Origin } from '../../src/domain/forecast/origins.ts';
import type { ShiftOutlook } from '../../src/domain/forecast/season/season.ts';
import type { OutOfBag, TrainedForest } from '../../src/domain/forest/growing/growForest.ts';
import type { ForestParams } from '../../src/domain/forest/params.ts';
import { counted } from '../../src/domain/words/counted.ts';
import type { OrderBook } from '../../src/orders/orderBook.ts';
import { forecastContenders } from '../compute/forecastContenders.ts';
import { intervalsOfForest } from '../compute/intervalsOfForest.ts';
import type { UnseenModel } from '../compute/measureImportances.ts';
import { trainForest } from '../compute/trainForest.ts';
import type { WorkContext } from '../processor.ts';
import { fitByTournament, runTournament, type Tournament } from './tournament/runTournament.ts';
import { type LabelledCustomersAt, type ShopAtCutoffs, shopAtCutoffs } from './tournament/shopAtCutoffs.ts';

/** How a model is fitted. */
export interface FitSettings {
  readonly historyMonths: number;
  readonly predMonths: number;
  /** Names of the features, in the order of their columns. */
  readonly features: readonly string[];
  /** Of every forest in the model. */
  readonly params: ForestParams;
  readonly engine: Engine;
  /** Lets the library train on more customers than it is fit for. */
  readonly isEngineForced: boolean;
  /** The quantile that the tournament cuts training labels to; null leaves them. */
  readonly winsorise: number | null;
  /** What the tournament expects of a change of how often customers order. */
  readonly levelShift: ShiftOutlook;
}

/** A forecast of the measured customers, in currency, in their order. */
export interface ContenderForecast {
  readonly name: string;
  readonly predicted: Float64Array;
}

/** What was forecast at the plan's cutoff, by fits that knew nothing behind it. */
export interface MeasuredFit {
  readonly customers: LabelledCustomersAt;
  /** A model of the same kind. */
  readonly model: UnseenModel;
  /** What it forecast. */
  readonly champion: Float64Array;
  /** What it was up against: naive forecasts, the purchase model and, in a tournament, all contenders. */
  readonly contenders: readonly ContenderForecast[];
  /** The share of the customers within its bounds; null for a model without any. */
  readonly coverage: number | null;
  /** The bounds of what they bring together; null as before, and for a single forest. */
  readonly totalBounds: TotalBounds | null;
}

/** A model and how one of its kind did out of time. */
export interface FittedModel {
  readonly forecaster: Forecaster;
  readonly measured: MeasuredFit;
  /** Of a single forest, unless every tree saw every customer. */
  readonly outOfBag: OutOfBag | undefined;
  /** Null for a single forest. */
  readonly tournament: Tournament | null;
}

type FitContext = Pick<WorkContext, 'pool' | 'signal' | 'progress'>;

/**
 * Fits one prediction window before the plan's cutoff, measures at the cutoff, then fits again on everything. Throws
 * ClvError `TOO_FEW_CUSTOMERS`, and `ML_RANDOM_FOREST_TOO_SLOW` for that engine on a large shop.
 */
export async function fitAndMeasure(
  book: OrderBook,
  plan: TrainingPlan,
  settings: FitSettings,
  context: FitContext,
): Promise<FittedModel> {
  const shop = shopAtCutoffs(book, settings, context);
  await demandCustomers(shop, plan.baselineCutoff, settings);
  const customers = await demandCustomers(shop, plan.cutoff, settings);
  if (settings.engine === 'tournament') {
    const tournament = await runTournament(
      shop,
      originAt(plan.cutoff, settings),
      paramsOf(settings),
      context,
    );
    const { forecaster, competition } = tournament;
    const contenders = CONTENDERS.map(({ name }, k) => ({
      name,
      predicted: competition.measured.forecasts[k],
    }));
    const { fitted, decision, champion, coverage, totalBounds } = competition;
    const { stack, calibration } = decision;
    const model = { ...fitted, stack, calibration };
    const measured = { customers, model, champion, contenders, coverage, totalBounds };
    return { forecaster, measured, outOfBag: undefined, tournament };
  }
  const unseen = await fitForest(
    shop,
    plan.baselineCutoff,
    settings,
    { outOfBag: false, from: 0.3 },
    context,
  );
  const { pool, signal } = context;
  const [champion] = await forecastContenders(pool, unseen.forecaster, customers, { signal });
  const { p10, p90 } = await intervalsOfForest(pool, unseen.forecaster, customers.matrix, { signal });
  const trained = await fitForest(shop, plan.cutoff, settings, { outOfBag: true, from: 0.6 }, context);
  return {
    forecaster: trained.forecaster,
    measured: {
      customers,
      model: unseen.forecaster,
      champion,
      contenders: await naiveForecasts(shop, plan, settings, context),
      coverage: p10 && p90 ? shareWithin(customers.labels, { p10, p90 }) : null,
      totalBounds: null,
    },
    outOfBag: trained.outOfBag,
    tournament: null,
  };
}

/** A model of these settings whose last labels end where the window behind `cutoff` does. Throws as `fitAndMeasure`. */
export async function fitAt(
  book: OrderBook,
  cutoff: IsoDate,
  settings: FitSettings,
  context: FitContext,
): Promise<Forecaster> {
  const shop = shopAtCutoffs(book, settings, context);
  await demandCustomers(shop, cutoff, settings);
  return settings.engine === 'tournament'
    ? fitByTournament(shop, originAt(cutoff, settings), paramsOf(settings), context)
    : (await fitForest(shop, cutoff, settings, { outOfBag: false, from: 0.3 }, context)).forecaster;
}

/** Throws ClvError `TOO_FEW_CUSTOMERS`. */
async function demandCustomers(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  { historyMonths, predMonths }: FitSettings,
): Promise<LabelledCustomersAt> {
  const customers = await shop.labelled(cutoff, predMonths);
  const { rows } = customers.matrix;
  if (rows >= LEAST_CUSTOMERS) return customers;
  throw new ClvError(
    'TOO_FEW_CUSTOMERS',
    `There are orders of only ${counted(rows, 'customer')} in the ${counted(historyMonths, 'month')} before ${cutoff}; at least ${LEAST_CUSTOMERS} are needed.`,
    {
      remedy: 'Take a longer history, another cutoff, or more orders.',
      values: { cutoff, customers: rows },
    },
  );
}

/** Grows one forest and makes a model of it; tells its progress from the share `from` on, over three tenths of the job. */
async function fitForest(
  shop: ShopAtCutoffs,
  cutoff: IsoDate,
  { historyMonths, predMonths, params, engine, isEngineForced: isForced }: FitSettings,
  { outOfBag, from }: { readonly outOfBag: boolean; readonly from: number },
  { pool, signal, progress }: FitContext,
): Promise<{ readonly forecaster: Forecaster; readonly outOfBag: OutOfBag | undefined }> {
  const { matrix, labels } = await shop.labelled(cutoff, predMonths);
  const doing = `fitting at ${cutoff}`;
  progress(from, doing);
  const trained: TrainedForest =
    engine === 'ml-random-forest'
      ? {
          forest: await pool.run(
            'trainWithMlRandomForest',
            { matrix, target: labels, params, isForced },
            signal,
          ),
          outOfBag: undefined,
        }
      : await trainForest(pool, matrix, labels, params, {
          signal,
          outOfBag,
          onProgress: (done, total) =>
            progress(from + (0.3 * done) / total, `${doing}: ${done} of ${counted(total, 'tree')}`),
        });
  return {
    forecaster: forecasterOfForest(trained.forest, { historyMonths, predMonths }),
    outOfBag: trained.outOfBag,
  };
}

/** What a single forest is up against: forecasts that knew nothing behind the plan's cutoff either. */
async function naiveForecasts(
  shop: ShopAtCutoffs,
  plan: TrainingPlan,
  settings: FitSettings,
  { pool, signal }: FitContext,
): Promise<ContenderForecast[]> {
  const { labels } = await shop.labelled(plan.baselineCutoff, settings.predMonths);
  const contenders: FittedContender[] = [
    { name: 'mean', value: labels.reduce((sum, label) => sum + label, 0) / labels.length },
    { name: 'rate' },
    { name: 'btyd' },
  ];
  const btyd = await shop.purchaseModel(plan.cutoff, null);
  const customers = await shop.labelled(plan.cutoff, settings.predMonths);
  const forecasts = await forecastContenders(pool, { btyd, contenders, season: null }, customers, {
    signal,
  });
  return contenders.map(({ name }, k) => ({ name, predicted: forecasts[k] }));
}

function originAt(cutoff: IsoDate, { predMonths }: FitSettings): Origin {
  return { cutoff, predMonths };
}

function paramsOf({ params, winsorise }: FitSettings): ContenderParams {
  return { forest: params, winsorise };
}
