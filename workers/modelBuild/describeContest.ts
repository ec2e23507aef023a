import { rmseOf } from '../../src/domain/evaluation/metrics.ts';
import type { TrainingReport } from '../../src/domain/evaluation/trainingReport.ts';
import { totalOf } from '../../src/domain/forecast/combination/unseenForecast.ts';
import { CONTENDERS } from '../../src/domain/forecast/contenders/contender.ts';
import { roughAmount } from '../../src/domain/words/amount.ts';
import type { Contest } from '../../src/registry/contest.ts';
import type { RivalComparisons } from './compareWithRivals.ts';
import type { FittedModel } from './fitAndMeasure.ts';
import { BEYOND_NOISE, type Decision } from './tournament/decideTournament.ts';
import type { Tournament } from './tournament/runTournament.ts';

/** What the card says of what a model was up against. */
export function describeContest(
  { forecaster, tournament, measured }: Pick<FittedModel, 'forecaster' | 'tournament' | 'measured'>,
  { forecasts }: TrainingReport,
  { losses, best }: RivalComparisons,
): Contest {
  const { stack, contenders } = forecaster;
  const { customers, champion, coverage, totalBounds } = measured;
  const weightsOf = (name: string) => {
    const k = contenders.findIndex((contender) => contender.name === name);
    return tournament === null || k < 0 ? null : { bulk: stack.bulk[k], largest: stack.largest[k] };
  };
  return {
    contenders: forecasts.map(({ name, metrics, topDecileCapture }) => ({
      name,
      ...metrics,
      top_decile_capture: topDecileCapture,
      weights: weightsOf(name),
    })),
    loses_to: [...losses],
    best_rival: best,
    coverage,
    total: totalBounds && {
      predicted: totalOf(champion),
      ...totalBounds,
      actual: totalOf(customers.labels),
    },
    tournament: tournament === null ? null : describeTournament(tournament),
  };
}

function describeTournament({
  competition,
  decision,
  forecaster,
  trainingCutoffs,
}: Tournament): NonNullable<Contest['tournament']> {
  const { origins, measured, boostedTrees } = competition;
  const forest = forecaster.contenders.find((contender) => contender.name === 'forest');
  const capped = forest !== undefined && 'target' in forest ? forest.target : undefined;
  return {
    chosen: decision.chosen,
    says: reasonOf(decision),
    origins: [measured, ...origins].map(({ cutoff, predMonths, actual, forecasts }) => ({
      cutoff,
      pred_months: predMonths,
      customers: actual.length,
      rmse: Object.fromEntries(CONTENDERS.map(({ name }, k) => [name, rmseOf(forecasts[k], actual)])),
    })),
    training_cutoffs: [...trainingCutoffs],
    boosted_trees: boostedTrees,
    season: forecaster.season && {
      anchor: forecaster.season.anchor,
      index: [...forecaster.season.index],
      shift: forecaster.season.shift && { ...forecaster.season.shift },
    },
    calibration: decision.calibration,
    beyond: forecaster.stack.beyond,
    winsorised_at: capped?.kind === 'winsorised' ? capped.cap : null,
  };
}

/** Why the stack or a single contender was chosen, in a sentence or two. */
export function reasonOf({
  chosen,
  origins,
  comparison,
}: Pick<Decision, 'chosen' | 'origins' | 'comparison'>): string {
  if (comparison === null)
    return origins === 0
      ? 'The stack, with the weights that contenders begin with: there is no origin at which anybody bought to learn others from.'
      : 'The stack, with weights learned at one origin: there is no other at which it could be compared with a single contender.';
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const figures = `RMSE of ${comparison.single} less that of the stack at the latest origin: ${roughAmount(comparison.rmseDifference)}; it was the better one in ${percent(comparison.shareSingleBetter)} of resamples of the customers, ${percent(BEYOND_NOISE)} are asked`;
  return chosen === 'stack'
    ? `The stack: no single contender beat it beyond chance. ${figures}.`
    : `${chosen} alone: it beat the stack beyond chance. ${figures}.`;
}
