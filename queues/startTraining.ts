import { addJob } from './addJob.ts';
import { type TrainingRequest, trainChampion } from './modelBuild.ts';
import type { Queues } from './openQueues.ts';

/** The id of the job that trains a model: always the same, so that it cannot be queued twice. */
export function trainingJobId(modelId: string): string {
  return `${trainChampion.name}-${modelId}`;
}

/** The state of the training of a model in Redis; `absent` where there is none. */
export async function findTraining(
  queues: Queues,
  modelId: string,
): Promise<'absent' | 'failed' | 'pending' | 'completed'> {
  const state = await queues.byName[trainChampion.queue].getJobState(trainingJobId(modelId));
  if (state === 'unknown') return 'absent';
  return state === 'failed' || state === 'completed' ? state : 'pending';
}

/** Queues a training; returns the id of its job. A training of the same model that failed for good makes way. */
export async function startTraining(queues: Queues, request: TrainingRequest): Promise<string> {
  const queue = queues.byName[trainChampion.queue];
  const jobId = trainingJobId(request.modelId);
  if ((await findTraining(queues, request.modelId)) === 'failed') await (await queue.getJob(jobId))?.remove();
  return addJob(queues, trainChampion, request, jobId);
}

/** The queue of trainings as gate 1 needs it: an approved window is trained at the latest cutoff, as a candidate. */
export function trainingQueue(queues: Queues) {
  return {
    find: (modelId: string) => findTraining(queues, modelId),
    start: (training: Omit<TrainingRequest, 'cutoff' | 'signOff'>) =>
      startTraining(queues, candidateAtLatestCutoff(training)),
  };
}

/** The training of a candidate at the latest cutoff whose labels are complete: unsigned, so that gate 2 stays open. */
export function candidateAtLatestCutoff(
  training: Omit<TrainingRequest, 'cutoff' | 'signOff'>,
): TrainingRequest {
  return { ...training, cutoff: null, signOff: null };
}
