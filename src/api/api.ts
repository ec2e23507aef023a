import type { Logger } from 'pino';
import type { Queues } from '../../queues/openQueues.ts';
import type { Home } from '../config/home.ts';
import type { Clock } from '../domain/calendar/clock.ts';

/** What every route may use. */
export interface Api {
  readonly home: Home;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: Logger;
}
