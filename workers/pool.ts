import { setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { openAnswer, type TaskAnswer } from './threads/taskAnswer.ts';
import type * as tasks from './threads/tasks.ts';

type Tasks = typeof tasks;

/** The name of a task that a thread can do: an export of `workers/threads/tasks.ts`. */
export type TaskName = keyof Tasks;
type PayloadOf<Name extends TaskName> = Parameters<Tasks[Name]>[0];
type ResultOf<Name extends TaskName> =
  Awaited<ReturnType<Tasks[Name]>> extends TaskAnswer<infer Result> ? Result : never;

/** How many tasks may wait: far more than any job submits, so that none is ever turned away. */
const maxQueue = 100_000;

/** A fixed number of threads that do the computing of a whole process. */
export interface ComputePool {
  readonly threads: number;
  /** How many of them compute at this moment. */
  readonly busy: number;
  /**
   * Runs one task on a free thread.
   *
   * @param name an export of `workers/threads/tasks.ts`.
   * @param payload cloned, except for SharedArrayBuffers, which are shared.
   * @param signal aborting kills the thread in the middle of the task; another takes its place.
   * @throws the ClvError of the task, with its code and sentence; an `AbortError` if aborted.
   */
  run<Name extends TaskName>(
    name: Name,
    payload: PayloadOf<Name>,
    signal?: AbortSignal,
  ): Promise<ResultOf<Name>>;
  /** Waits for running tasks, then ends the threads. */
  close(): Promise<void>;
}

/** Tasks run from compiled code, also where this file itself runs as TypeScript. */
function taskFile(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(isSource ? '../dist/workers/threads/tasks.js' : './threads/tasks.js', import.meta.url),
  );
}

/**
 * Starts the pool. One process needs one; everything heavy goes through it.
 *
 * @param threads how many; they are started at once and kept.
 * @throws RangeError if `threads` is not a whole number from 1.
 */
export function createComputePool({ threads }: { readonly threads: number }): ComputePool {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`threads is ${threads}; it must be a whole number from 1.`);
  }
  const piscina = new Piscina({
    filename: taskFile(),
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    maxQueue,
  });
  const loaded = piscina.threads.map(
    (thread) =>
      new Promise<void>((resolve) => {
        // A thread's first message says that it is ready.
        thread.once('message', () => resolve());
        thread.once('exit', () => resolve());
      }),
  );
  let tasks = 0;
  return {
    threads,
    get busy() {
      return Math.min(tasks, threads);
    },
    async run(name, payload, signal) {
      tasks++;
      // Every task that runs or waits listens to it; Node would take so many for a leak, and say so.
      if (signal !== undefined) setMaxListeners(0, signal);
      try {
        return openAnswer(await piscina.run(payload, { name, signal: signal ?? null })) as never;
      } finally {
        tasks--;
      }
    },
    async close() {
      // Node dies, and not only the thread, of a thread that is ended while it still loads its modules.
      for (const thread of piscina.threads) thread.ref();
      await Promise.all(loaded);
      await piscina.close();
    },
  };
}
