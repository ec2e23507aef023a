import type { JobType } from 'bullmq';

/**
 * The states of a job that goes on by itself: it runs, or will run without anybody doing anything. Waiting for children
 * is not among them, because such a job goes on only if its children do.
 */
export const MOVING_STATES = [
  'active',
  'waiting',
  'prioritized',
  'delayed',
] as const satisfies readonly JobType[];

/** Whether a job in this state, as `Queue.getJobState` gives it, goes on by itself. */
export function isMoving(state: string): boolean {
  return MOVING_STATES.some((moving) => moving === state);
}
