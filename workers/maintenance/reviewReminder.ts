import { reviewReminder } from '../../queues/maintenance.ts';
import { remindOfReview } from '../../src/registry/remindOfReview.ts';
import { processorOf } from '../processor.ts';

/** Opens a request where the champion's window is due for a review; a person decides what becomes of it. */
export const reviewReminderProcessor = processorOf(reviewReminder, async (_nothing, { home, clock, log }) => {
  const request = await remindOfReview(home, clock.now());
  if (request?.status === 'open') log.warn({ request: request.id }, request.reason);
  return { request: request?.id ?? null, status: request?.status ?? 'none due' };
});
