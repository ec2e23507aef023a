import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from 'pino';
import type { JobContract } from '../queues/jobContract.ts';
import type { Queues } from '../queues/openQueues.ts';
import type { Home } from '../src/config/home.ts';
import type { Clock } from '../src/domain/calendar/clock.ts';
import { ClvError, TransientError } from '../src/domain/errors.ts';
import type { ComputePool } from './pool.ts';

/** Tells how far a job is: a share from 0 to 1, a few words and, for programs, figures by name. */
export type TellProgress = (
  share: number,
  doing: string,
  figures?: Readonly<Record<string, number | null>>,
) => void;

/** What every processor is given: the shop's folder, the time, threads to compute on, and ways to tell. */
export interface WorkContext {
  readonly home: Home;
  readonly clock: Clock;
  readonly pool: ComputePool;
  /** For jobs that queue other jobs. */
  readonly queues: Queues;
  readonly log: Logger;
  /** Aborts when the job is cancelled or the worker has to stop. */
  readonly signal: AbortSignal;
  /** Shows on the board and in the API how far the job is: a share from 0 to 1 and a few words. */
  readonly progress: TellProgress;
  /** The same for the job that waits for this one; does nothing where there is none. */
  readonly parentProgress: TellProgress;
  /** The id of the job, and the instant that its schedule made it for, in ms since 1970 UTC; null where none did. */
  readonly job: { readonly id: string; readonly slotMs: number | null };
  /** Puts the job aside until an instant of the clock, in ms since 1970 UTC; then it begins again. Ends the work. */
  readonly waitUntil: (instantMs: number) => Promise<never>;
}

/** `waitUntil` of a job that a worker holds under `token`. */
export function waitingOf(job: Job, token: string | undefined, clock: Clock): WorkContext['waitUntil'] {
  return async (instantMs) => {
    // The queue knows the machine's clock only.
    await job.moveToDelayed(Date.now() + instantMs - clock.now(), token);
    throw new DelayedError(`waits until ${new Date(instantMs).toISOString()}`);
  };
}

/** Does one kind of job. What it returns is shown on the board as the job's result. */
export interface Processor {
  readonly contract: JobContract;
  /** Throws a ClvError for input that no retry helps. */
  run(job: Job, context: WorkContext): Promise<unknown>;
}

/** A processor of `contract`: its payload is checked against the contract before `work` sees it. */
export function processorOf<Payload>(
  contract: JobContract<Payload>,
  work: (payload: Payload, context: WorkContext) => Promise<unknown>,
): Processor {
  return {
    contract,
    async run(job, context) {
      const parsed = contract.payload.safeParse(job.data);
      if (!parsed.success) {
        const problems = parsed.error.issues.map(
          (issue) => `${issue.path.join('.') || 'the payload'}: ${issue.message}`,
        );
        throw new UnrecoverableError(
          `${contract.name} was given what it cannot use: ${problems.join('; ')}.`,
        );
      }
      try {
        return await work(parsed.data, context);
      } catch (error) {
        throw asJobFailure(error);
      }
    },
  };
}

/** Wrong input stays wrong, so the queue is told not to try again; what may pass by itself is tried again. */
function asJobFailure(error: unknown): unknown {
  if (!(error instanceof ClvError)) return saysSomething(error) ? error : errorThatSaysWhere(error);
  if (error instanceof TransientError) return new Error(error.toSentences(), { cause: error });
  return new UnrecoverableError(error.toSentences());
}

function saysSomething(error: unknown): boolean {
  return !(error instanceof Error) || error.message.trim() !== '';
}

/** An error of a library may have no message; the place that it comes from is better than an empty sentence. */
function errorThatSaysWhere(error: unknown): Error {
  const { name, stack } = error as Error;
  const where = /^\s+(at .*)$/m.exec(stack ?? '')?.[1] ?? 'at an unknown place';
  return new Error(`The work ended with an error that says nothing: ${name} ${where}.`, { cause: error });
}
