import type { BtydModel } from '../../src/domain/btyd/btydModel.ts';
import type { FittedContender } from '../../src/domain/forecast/contender.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import { type Season, seasonOfWindow } from '../../src/domain/forecast/season.ts';
import type { WindowPair } from '../../src/domain/gridsearch/folds.ts';
import { naiveRateForecast } from '../../src/domain/gridsearch/naiveRate.ts';
import { fromLearned } from '../../src/domain/targets/targetForm.ts';
import type { ComputePool } from '../pool.ts';
import { type BtydForecast, forecastByBtyd } from './forecastByBtyd.ts';
import { predictBooster } from './predictBooster.ts';
import { predictForest } from './predictForest.ts';
import type { ComputeOptions } from './runTasks.ts';

/** Contenders and what they need, fitted on what was known at one moment. */
export interface ContendersOfMoment {
  readonly btyd: BtydModel | null;
  readonly contenders: readonly FittedContender[];
  readonly season: Season | null;
}

/**
 * What each contender forecasts of customers, in currency; none below 0, since nobody plans with a customer who takes
 * money back. All of them follow the season.
 *
 * @returns one array a contender, in their order, one number a customer.
 */
export async function forecastContenders(
  pool: ComputePool,
  { btyd, contenders, season }: ContendersOfMoment,
  customers: CustomersAt,
  windows: WindowPair,
  options: ComputeOptions = {},
): Promise<Float64Array[]> {
  const onBtyd = await forecastByBtyd(pool, btyd, customers, windows, options);
  const factor = seasonOfWindow(season, customers.window);
  const forecasts: Float64Array[] = [];
  for (const contender of contenders) {
    const forecast = await forecastOf(pool, contender, onBtyd, windows, options);
    forecasts.push(forecast.map((value) => factor * Math.max(0, value)));
  }
  return forecasts;
}

async function forecastOf(
  pool: ComputePool,
  contender: FittedContender,
  { matrix, base }: BtydForecast,
  windows: WindowPair,
  { signal }: ComputeOptions,
): Promise<Float64Array> {
  switch (contender.name) {
    case 'mean':
      return new Float64Array(matrix.rows).fill(contender.value);
    case 'rate':
      return naiveRateForecast(matrix, windows);
    case 'btyd':
      return base;
    case 'boosted':
      return fromLearned(
        contender.target,
        await predictBooster(pool, contender.booster, matrix, { signal }),
        base,
      );
    case 'forest':
    case 'forest_btyd':
      return fromLearned(
        contender.target,
        await predictForest(pool, contender.forest, matrix, { signal }),
        base,
      );
  }
}
