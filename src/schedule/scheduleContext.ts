import type { Logger } from 'pino';
import type { Queues } from '../../queues/openQueues.ts';
import type { Home } from '../config/home.ts';
import type { Clock } from '../domain/calendar/clock.ts';

/** What keeping the schedule needs: the files, the queues, the time, and a log. */
export interface ScheduleContext {
  readonly home: Home;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Logger;
}
