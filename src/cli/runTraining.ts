import { type TrainingRequest, trainChampion } from '../../queues/modelBuild.ts';
import type { Queues } from '../../queues/openQueues.ts';
import {
  type NewTraining,
  startNewTraining,
  startTraining,
  trainingJobId,
} from '../../queues/startTraining.ts';
import type { Home } from '../config/home.ts';
import type { ForecastMetrics } from '../domain/evaluation/metrics.ts';
import type { ModelStatus } from '../domain/governance/modelStatus.ts';
import type { OrdersReport } from '../orders/report.ts';
import { hasCard, type ModelCard } from '../registry/modelCard.ts';
import { systemClock } from '../systemClock.ts';
import { followJobs } from './followJobs.ts';
import type { Terminal } from './terminal.ts';

/** What a finished training tells. */
export interface TrainingResult {
  readonly model_id: string;
  readonly status: ModelStatus;
  /** The model in service; null before the first. */
  readonly champion: string | null;
  readonly cutoff: string;
  readonly code_commit: string;
  readonly first_score_cutoff: string | null;
  /** Null where an attempt before the last had trained the model. */
  readonly orders: OrdersReport | null;
  readonly out_of_time: ForecastMetrics & {
    rmse_of_mean: number;
    fit_cutoff: string;
    measured_cutoff: string;
    has_full_history: boolean;
  };
  readonly out_of_bag: ForecastMetrics | null;
  /** Why the model stayed a candidate although it was signed off; absent where it was not, or serves. */
  readonly left_open?: string;
  /** One sentence for each benchmark that the model lost to beyond chance; absent where a worker of an earlier version trained it. */
  readonly loses_to?: readonly string[];
  /** A sentence on how often customers have ordered lately; null where nothing changed, absent for a worker of an earlier version. */
  readonly level_shift?: string | null;
  /** Absent where no measured customer is an outlier. */
  readonly without_outliers?: ModelCard['metrics']['without_outliers'];
  /** Below `outputs/`; null for a model of a version that wrote none. */
  readonly report: {
    readonly html: { readonly file: string };
    readonly csv: { readonly file: string };
  } | null;
}

/** Trains a new model, which gets an id of its own; goes on as `runTraining` does. Throws TrainingsBusyError, too. */
export async function runNewTraining(
  queues: Queues,
  home: Home,
  training: NewTraining,
  terminal: Terminal,
): Promise<TrainingResult> {
  const { jobId, modelId } = await startNewTraining(queues, systemClock.now(), training, (id) =>
    hasCard(home, id),
  );
  return followTraining(queues, modelId, async () => jobId, terminal);
}

/** Queues a training, shows how far it is, and gives its result. Throws JobFailedError. */
export async function runTraining(
  queues: Queues,
  request: TrainingRequest,
  terminal: Terminal,
): Promise<TrainingResult> {
  return followTraining(queues, request.modelId, () => startTraining(queues, request), terminal);
}

/** Queues a training with `start`, which gives the id of its job, and goes on as `runTraining` does. */
export async function followTraining(
  queues: Queues,
  modelId: string,
  start: () => Promise<string>,
  terminal: Terminal,
): Promise<TrainingResult> {
  const startedAt = performance.now();
  const result = await followJobs(queues, trainChampion.queue, [trainingJobId(modelId)], start, (news) => {
    if (news.state === 'progress')
      terminal.progress(
        `  … ${trainChampion.name.padEnd(18)} ${String(news.percent).padStart(3)} %  ${news.doing}`,
      );
    if (news.state === 'completed')
      terminal.done(
        `  ✓ ${trainChampion.name.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(2)} s`,
      );
  });
  return result as TrainingResult;
}
