import type { Job } from 'bullmq';
import pino from 'pino';
import type { Queues } from '../queues/openQueues.ts';
import { runFileName } from '../src/artefacts/names.ts';
import { type Predictions, writePredictions } from '../src/artefacts/run/predictions.ts';
import { writeSidecar } from '../src/artefacts/sidecar.ts';
import type { Home } from '../src/config/home.ts';
import { predictionWindow } from '../src/domain/calendar/windows.ts';
import { type ComputePool, createComputePool } from '../workers/pool.ts';
import type { Processor } from '../workers/processor.ts';

/** Writes a prediction file and its sidecar as a scoring run would; ids in the order of the file. */
export async function writeTestPredictions(
  home: Home,
  run: { readonly cutoff: string; readonly predMonths: number; readonly modelId: string },
  predicted: Readonly<Record<string, number>>,
): Promise<string> {
  const path = `${home.outputs}/${runFileName('predictions', run)}`;
  const customerIds = Object.keys(predicted).sort();
  const days = new Float64Array(customerIds.length).fill(10);
  const numbers: Predictions['numbers'] = {
    predicted_clv: Float64Array.from(customerIds, (id) => predicted[id]),
    tenure_days: days,
    recency_days: days,
    mean_days_between_orders: days,
    std1_days_between_orders: days.map(() => Number.NaN),
    median_days_between_orders: days,
  };
  const written = await writePredictions(path, { customerIds, numbers });
  await writeSidecar(path, {
    file: runFileName('predictions', run),
    ...written,
    model_id: run.modelId,
    cutoff: run.cutoff,
    history_months: 12,
    pred_months: run.predMonths,
    prediction_window: predictionWindow(run.cutoff, run.predMonths),
  });
  return path;
}

/** What a processor throws on the bench that wants to be put aside. */
export class Waiting extends Error {
  constructor(instantMs: number) {
    super(`waits until ${new Date(instantMs).toISOString()}`);
  }
}

/** A bench on which single processors are run without a queue. */
export interface ProcessorBench {
  /** What was logged so far, a line each. */
  readonly log: readonly Record<string, unknown>[];
  /** Runs a processor on a payload at `nowMs`; throws what the queue would be given. */
  run(processor: Processor, data: object, nowMs: number): Promise<unknown>;
}

/** @param pool a file's tests share one: to start a thread takes longer than most of them. @param queues for processors that queue other jobs. */
export function openProcessorBench(home: Home, pool: ComputePool, queues?: Queues): ProcessorBench {
  const log: Record<string, unknown>[] = [];
  return {
    log,
    run: (processor, data, nowMs) =>
      processor.run({ data } as Job, {
        home,
        pool,
        queues: queues as Queues,
        clock: { now: () => nowMs },
        log: pino({ level: 'info' }, { write: (line: string) => log.push(JSON.parse(line)) }),
        signal: new AbortController().signal,
        progress: () => undefined,
        parentProgress: () => undefined,
        job: { id: 'test', slotMs: null },
        waitUntil: async (instantMs) => {
          throw new Waiting(instantMs);
        },
      }),
  };
}

/** A pool of one thread that starts with its first task: Node dies of a thread that is ended while it is still loading its modules. */
export function lazyPool(): ComputePool {
  let pool: ComputePool | null = null;
  return {
    threads: 1,
    busy: 0,
    run: (...task) => {
      pool ??= createComputePool({ threads: 1 });
      return pool.run(...task);
    },
    close: async () => pool?.close(),
  };
}
