import type { BeforeHook } from '@bull-board/api/typings/app';
import type { Queues } from '../../../queues/openQueues.ts';
import { SCORING_STEPS } from '../../../queues/scoring.ts';

/**
 * The state changes that the board offers, in bull-board's words (`dist/routes.js`): they can be taken back or repeated
 * without harm. A list of what is allowed and not of what is forbidden, so that an action that a later bull-board brings
 * is off until somebody has thought about it.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'put /api/queues/pause',
  'put /api/queues/resume',
  'put /api/queues/:queueName/pause',
  'put /api/queues/:queueName/resume',
  'put /api/queues/:queueName/retry/:queueStatus',
  'put /api/queues/:queueName/:jobId/retry',
  'put /api/queues/:queueName/:jobId/promote',
  'put /api/queues/:queueName/job-schedulers/:schedulerId/run',
]);

const RETRY_ALL = 'put /api/queues/:queueName/retry/:queueStatus';
const RETRY_ONE = 'put /api/queues/:queueName/:jobId/retry';

/** Whether the board may do this; a sentence where it may not. */
export function refusalOf(
  method: string,
  route: string,
  params: Readonly<Record<string, unknown>>,
): string | null {
  if (method === 'get') return null;
  const action = `${method} ${route}`;
  if (!ALLOWED.has(action)) {
    return 'This is switched off: the board retries, promotes single jobs, runs a schedule now and pauses queues; it does not add, change or delete jobs or schedules.';
  }
  if (action === RETRY_ALL && params.queueStatus !== 'failed') {
    return 'Only failed jobs can be retried all at once; a completed one is run again by itself, if at all.';
  }
  return null;
}

/** What bull-board asks before each of its API routes. */
export function refuseUnlessAllowed(queues: Queues): BeforeHook {
  return async ({ method, route, request }) => {
    const { params } = request;
    const isRetry = `${method} ${route}` === RETRY_ONE;
    const message =
      refusalOf(method, route, params) ?? (isRetry ? await refusalOfRetry(queues, params.jobId) : null);
    return message === null ? { allow: true } : { allow: false, status: 403, message };
  };
}

/** A complete step that ran again alone would leave the files of the steps after it as they were made from older ones. */
async function refusalOfRetry({ byName }: Queues, jobId: string): Promise<string | null> {
  const isStep = SCORING_STEPS.some(({ name }) => jobId.startsWith(`${name}-`));
  if (!isStep || (await byName.scoring.getJobState(jobId)) !== 'completed') return null;
  return 'A complete step of a scoring run cannot be run again by itself: the steps after it would not follow. Start the run of the cutoff again.';
}
