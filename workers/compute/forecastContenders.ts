import type { FittedContender } from '../../src/domain/forecast/contenders/contender.ts';
import { rateForecast } from '../../src/domain/forecast/contenders/naiveRate.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { PurchaseModel } from '../../src/domain/forecast/purchases/purchaseModel.ts';
import { type Season, seasonOfWindow } from '../../src/domain/forecast/season/season.ts';
import { shareForest, shareTrees } from '../../src/domain/forest/shareForest.ts';
import { sharedFloats } from '../../src/domain/sharedFloats.ts';
import type { ComputePool } from '../pool.ts';
import { forecastByBtyd } from './forecastByBtyd.ts';
import { type ComputeOptions, evenSpans, runTasks } from './runTasks.ts';

/** Contenders and what they need, fitted on what was known at one moment. */
export interface ContendersOfMoment {
  readonly btyd: PurchaseModel | null;
  readonly contenders: readonly FittedContender[];
  readonly season: Season | null;
}

/** Rows of one task. */
const CHUNK_ROWS = 16_384;

/**
 * What each contender forecasts of customers, in currency, none below 0. All of them follow the season.
 *
 * @returns one array a contender, in their order, one number a customer.
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function forecastContenders(
  pool: ComputePool,
  { btyd, contenders, season }: ContendersOfMoment,
  customers: CustomersAt,
  options: ComputeOptions = {},
): Promise<Float64Array[]> {
  const { signal } = options;
  const { matrix, base } = await forecastByBtyd(pool, btyd, customers, options);
  const inputs = { matrix, base, rate: rateForecast(matrix, customers.months) };
  const forecasts = contenders.map(() => sharedFloats(matrix.rows));
  const shared = contenders.map(onSharedBuffers);
  const tasks = shared.flatMap((contender, k) =>
    evenSpans(matrix.rows, CHUNK_ROWS).map((span) => ({ contender, forecast: forecasts[k], ...span })),
  );
  await runTasks(pool, tasks, (task) => pool.run('forecastRowsTask', { ...task, inputs }, signal));
  const factor = seasonOfWindow(season, customers.window);
  return forecasts.map((forecast) => forecast.map((value) => factor * value));
}

/** The contender with its trees where threads read them without a copy each. */
export function onSharedBuffers(contender: FittedContender): FittedContender {
  if ('forest' in contender) return { ...contender, forest: shareForest(contender.forest) };
  return 'booster' in contender ? { ...contender, booster: shareTrees(contender.booster) } : contender;
}
