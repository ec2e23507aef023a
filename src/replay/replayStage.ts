import type { Queues } from '../../queues/openQueues.ts';
import type { Home } from '../config/home.ts';
import type { OrderBook } from '../orders/orderBook.ts';
import type { JobWatch } from './jobWatch.ts';
import type { VirtualClock } from './virtualClock.ts';

/** What a replay is played with. */
export interface ReplayStage {
  readonly home: Home;
  readonly queues: Queues;
  readonly jobs: JobWatch;
  readonly clock: VirtualClock;
  /** All orders, the ones after the simulated day too; the home only sees those before it. */
  readonly book: OrderBook;
  /** Takes down what the policy decided, on the simulated day. */
  decided(what: string, modelId: string | null): void;
  /** Takes down what became of the runs, before retention puts their files away. */
  observe(): Promise<void>;
  /** Tells a person what happened, with the simulated date in front. */
  tell(sentence: string): void;
}
