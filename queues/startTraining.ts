import { freeTimestamp } from '../src/domain/calendar/freeTimestamp.ts';
import { ClvError } from '../src/domain/errors.ts';
import { addJob } from './addJob.ts';
import { plainTraining, type TrainingRequest, trainChampion } from './modelBuild.ts';
import type { Queues } from './openQueues.ts';
import { withLock } from './withLock.ts';

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

/** So many trainings are being asked for that this one had no turn. */
export class TrainingsBusyError extends ClvError {
  constructor() {
    super('TRAININGS_BUSY', 'Other trainings are being queued at this moment; this one was not.', {
      remedy: 'Ask for it again.',
    });
  }
}

/** What is asked of the training of a new model; what is left out is as the config and the orders have it. */
export type NewTraining = Partial<Omit<TrainingRequest, 'modelId'>>;

/**
 * Queues the training of a new model under an id that no other one has: of two that are asked for in one second, the
 * second sees the job of the first. Throws TrainingsBusyError.
 *
 * @param hasCard whether there is a model of that id.
 */
export function startNewTraining(
  queues: Queues,
  nowMs: number,
  training: NewTraining,
  hasCard: (modelId: string) => Promise<boolean>,
): Promise<{ readonly jobId: string; readonly modelId: string }> {
  const isTaken = async (stamp: string): Promise<boolean> => {
    const modelId = modelIdOf(stamp);
    return (await hasCard(modelId)) || (await findTraining(queues, modelId)) !== 'absent';
  };
  return withLock(
    queues,
    `${queues.prefix}:lock:${trainChampion.name}`,
    async () => {
      const modelId = modelIdOf(await freeTimestamp(nowMs, isTaken));
      return { jobId: await startTraining(queues, { ...plainTraining(modelId), ...training }), modelId };
    },
    () => new TrainingsBusyError(),
  );
}

function modelIdOf(stamp: string): string {
  return `clv_model_${stamp}`;
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
