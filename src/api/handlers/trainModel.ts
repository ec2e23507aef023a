import { z } from 'zod';
import { plainTraining, trainChampion } from '../../../queues/modelBuild.ts';
import { findTraining, startTraining } from '../../../queues/startTraining.ts';
import { withLock } from '../../../queues/withLock.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { isIsoDate } from '../../domain/calendar/dates.ts';
import { freeTimestamp } from '../../domain/calendar/freeTimestamp.ts';
import { findCard } from '../../registry/modelCard.ts';
import type { Api } from '../api.ts';
import { TrainingsBusyError } from '../errors.ts';
import { jobUrl } from '../jobUrl.ts';
import { parseBody } from '../parseBody.ts';
import type { Answer, ApiRequest } from '../route.ts';

const months = (most: number) =>
  z.int().min(1, 'is below 1').max(most, `is above ${most}`).nullable().default(null);
const text = z.string().trim().min(1, 'is empty').nullable().default(null);

const requestSchema = z.strictObject({
  cutoff: z.string().refine(isIsoDate, 'is not a calendar date written YYYY-MM-DD').nullable().default(null),
  history_months: months(120),
  pred_months: months(60),
  orders: text,
  override_eligibility: text,
});

/** Queues the training of a candidate, as `clv train` does. */
export async function trainModel({ body }: ApiRequest, api: Api): Promise<Answer> {
  const asked = parseBody(requestSchema, body);
  // A config that cannot be used is told now, and not by a job that fails.
  await loadConfig(api.home);
  const { queues } = api;
  // Of two requests of one moment the second sees the job of the first, and takes the next free id.
  return withLock(
    queues,
    `${queues.prefix}:lock:${trainChampion.name}`,
    () => queueTraining(asked, api),
    () => new TrainingsBusyError(),
  );
}

async function queueTraining(
  asked: z.output<typeof requestSchema>,
  { home, queues, clock }: Api,
): Promise<Answer> {
  const stamp = await freeTimestamp(clock.now(), async (it) => {
    const id = `clv_model_${it}`;
    return (await findCard(home, id)) !== null || (await findTraining(queues, id)) !== 'absent';
  });
  const modelId = `clv_model_${stamp}`;
  const id = await startTraining(queues, {
    ...plainTraining(modelId),
    cutoff: asked.cutoff,
    historyMonths: asked.history_months,
    predMonths: asked.pred_months,
    orders: asked.orders,
    overrideEligibility: asked.override_eligibility,
  });
  const job = { id, url: jobUrl(id) };
  return { status: 202, body: { job, model_id: modelId }, headers: { Location: job.url } };
}
