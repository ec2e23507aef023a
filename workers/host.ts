import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Job, WaitingError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { QUEUE_NAMES, type QueueName } from '../queues/jobContract.ts';
import { openQueues, type Queues, queuePrefix } from '../queues/openQueues.ts';
import { repeatStrategy } from '../queues/repeatStrategy.ts';
import { sweepTemporaryFiles } from '../src/artefacts/files/temporaryFiles.ts';
import { type Home, spillFolder } from '../src/config/home.ts';
import type { Clock } from '../src/domain/calendar/clock.ts';
import { ALL_PROCESSORS } from './allProcessors.ts';
import { type Meters, startMeters } from './meters.ts';
import { type ComputePool, createComputePool } from './pool.ts';
import { type Processor, type TellProgress, waitingOf } from './processor.ts';
import { tellOnceAMinute } from './repeatedErrors.ts';
import { keepSchedule } from './scheduleKeeper.ts';

/** How long a job may go unattended before it counts as lost; computing runs in threads, so the lock is always renewed. */
const LOCK_MS = 10_000;
/** How often lost jobs are looked for. A job of a killed process is taken up again after at most the sum of the two. */
const STALLED_CHECK_MS = 5_000;
/** A killed process is no fault of the job: it may be taken up again several times. */
const MAX_STALLED = 5;
/** A job that is still running this long after the order to stop is handed back; the next worker takes it up again. */
const CLOSE_DEADLINE_MS = 20_000;

/**
 * Jobs of a queue that this process does at once; one where nothing is said. Of `model-build` two: while the result of
 * one cell of a search is written and the next job fetched, or its features computed, the other keeps the threads busy.
 */
const CONCURRENCY: Partial<Record<QueueName, number>> = { 'model-build': 2 };

/** Whose jobs a process works on, and how. */
export interface WorkerHostOptions {
  readonly home: Home;
  readonly redisUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Threads for computing; default one for each core. */
  readonly threads?: number | null;
  /**
   * Whether this host keeps the schedule: puts it right before it begins to work, and whenever Redis forgot it. Not for the
   * workers of one command.
   */
  readonly keepsSchedule?: boolean;
  /**
   * Whether the one who keeps the schedule also keeps the id of the home claimed, and begins no more jobs while other files
   * have it; for a Redis that several homes may share.
   */
  readonly guardsHomeId?: boolean;
  /** How often the one who keeps the schedule looks whether Redis still knows it; default twice a minute. */
  readonly watchMs?: number;
  /** How long running jobs may take to end once the host is closed. */
  readonly closeDeadlineMs?: number;
}

/** The workers of all queues of one home, in this process, over one pool of threads. */
export interface WorkerHost {
  readonly pool: ComputePool;
  /** Lets running jobs end, within a limit, then stops. */
  close(): Promise<void>;
}

/** Starts working. Give the host a `close()` before the process ends. */
export async function startWorkers(options: WorkerHostOptions): Promise<WorkerHost> {
  const { home, redisUrl, log } = options;
  await sweepLeftBehind(home, log);
  const queues = await openQueues(redisUrl, home.id, (error) =>
    log.debug({ err: error }, 'queue connection'),
  );
  let workers: readonly Worker[] = [];
  // What is open, and how it ends; the last one opened ends first.
  const ends: (() => Promise<unknown>)[] = [() => queues.close()];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    if (options.keepsSchedule === true) {
      const onClaim = switchOf(() => workers, log);
      const keeper = await keepSchedule({ ...options, queues }, { ...options, onClaim });
      ends.push(() => keeper.close());
    }
    const pool = createComputePool({ threads: options.threads ?? availableParallelism() });
    ends.push(() => pool.close());
    const meters = startMeters(queues, pool, log);
    ends.push(() => meters.close());
    workers = QUEUE_NAMES.map((name) => startWorker(name, { pool, queues }, meters, options));
    ends.push(() => closeWorkers(workers, options.closeDeadlineMs));
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    return { pool, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function closeWorkers(workers: readonly Worker[], deadlineMs = CLOSE_DEADLINE_MS): Promise<void> {
  const deadline = setTimeout(() => {
    for (const worker of workers) worker.cancelAllJobs('the worker has to stop');
  }, deadlineMs);
  await Promise.all(workers.map((worker) => worker.close()));
  clearTimeout(deadline);
}

/**
 * Clears what processes that were killed left of files they were writing; the jobs themselves are taken up again. Of the
 * home itself and its orders only the folders as such: what else lies there is not the program's.
 */
async function sweepLeftBehind(home: Home, log: Logger): Promise<void> {
  const own = [dirname(home.configFile), home.models, home.outputs, spillFolder(home)];
  const shared = [home.root, `${home.root}/data`];
  for (const folder of [...own, ...shared]) {
    try {
      const swept = await sweepTemporaryFiles(folder, own.includes(folder));
      if (swept.length > 0) log.info({ files: swept }, 'temporary files of killed processes were removed');
    } catch (error) {
      log.warn({ folder, err: error }, 'temporary files of killed processes could not be looked for');
    }
  }
}

function startWorker(
  queue: QueueName,
  means: { readonly pool: ComputePool; readonly queues: Queues },
  meters: Meters,
  options: WorkerHostOptions,
): Worker {
  const { home, redisUrl, clock, log } = options;
  const processors = new Map(
    ALL_PROCESSORS.filter(({ contract }) => contract.queue === queue).map((it) => [it.contract.name, it]),
  );
  const worker: Worker = new Worker(
    queue,
    async (job: Job, token?: string, signal?: AbortSignal) => {
      const processor = demandProcessor(processors, job);
      const jobLog = log.child(namesOf(job));
      const work = processor.run(job, {
        home,
        clock,
        ...means,
        log: jobLog,
        signal: signal ?? new AbortController().signal,
        progress: throttledProgress(async () => job, jobLog),
        parentProgress: throttledProgress(() => parentOf(job, worker), jobLog),
        job: { id: String(job.id), slotMs: job.repeatJobKey ? (job.opts.prevMillis ?? null) : null },
        waitUntil: waitingOf(job, token, clock),
      });
      return work.catch((error) => {
        // Jobs are cancelled by a worker that has to stop, and by nobody else.
        if (signal?.aborted !== true) throw error;
        return handBack(job, token, jobLog);
      });
    },
    {
      connection: { url: redisUrl, maxRetriesPerRequest: null },
      prefix: queuePrefix(home.id),
      concurrency: CONCURRENCY[queue] ?? 1,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
      settings: { repeatStrategy },
    },
  );
  worker.on(
    'error',
    tellOnceAMinute((error, repeated) => log.error({ queue, err: error, repeated }, 'worker error')),
  );
  worker.on('active', (job) => log.info(namesOf(job), 'job started'));
  worker.on('completed', (job) =>
    log.info({ ...namesOf(job), ms: (job.finishedOn ?? 0) - (job.processedOn ?? 0) }, 'job completed'),
  );
  worker.on('failed', (job, error) =>
    log.error({ ...namesOf(job), attempt: job?.attemptsMade, reason: error.message }, 'job failed'),
  );
  worker.on('completed', (job) => meters.attemptEnded(job, 'completed'));
  worker.on('failed', (job) => {
    // Jobs that nobody declared have names that anybody could make up.
    if (job !== undefined && processors.has(job.name)) meters.attemptEnded(job, 'failed');
  });
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job was lost by its worker and is taken up again'));
  return worker;
}

/** What every line of the log names of the job that it tells of, so that a run can be followed by its cutoff or model. */
function namesOf(job: Job | undefined): Readonly<Record<string, unknown>> {
  // A job whose lock was lost fails without its data.
  return { jobId: job?.id, job: job?.name, cutoff: job?.data?.cutoff, modelId: job?.data?.modelId };
}

/**
 * Pauses and resumes workers, in the order in which that is asked. A pause is done when the running jobs of its worker are;
 * no other worker waits for them, because a training may take hours. The jobs of another home are not to be done on the
 * files of this one; what is running was its own.
 */
function switchOf(workers: () => readonly Worker[], log: Logger): (isOn: boolean) => void {
  const last = new Map<Worker, Promise<void>>();
  const switched = (worker: Worker, isOn: boolean): Promise<void> =>
    (last.get(worker) ?? Promise.resolve())
      .then(() => (isOn ? worker.resume() : worker.pause()))
      .catch((error) => log.error({ err: error }, 'a worker could not be paused or resumed'));
  return (isOn) => {
    const all = workers().map((worker) => {
      const done = switched(worker, isOn);
      last.set(worker, done);
      return done;
    });
    void Promise.all(all).then(() => log.warn(isOn ? 'the workers go on' : 'the workers are paused'));
  };
}

/** Gives a job back to the queue as it came: that its worker was stopped is no failed attempt of its own. */
async function handBack(job: Job, token: string | undefined, log: Logger): Promise<never> {
  await job.moveToWait(token);
  log.info('job was handed back, for the next worker');
  throw new WaitingError('the worker has to stop');
}

function demandProcessor(processors: ReadonlyMap<string, Processor>, job: Job): Processor {
  const processor = processors.get(job.name);
  if (processor) return processor;
  throw new Error(
    `There is no job "${job.name}" in the queue ${job.queueName}; it knows ${[...processors.keys()].join(', ')}.`,
  );
}

const PROGRESS_MS = 100;

/** Tells progress at most ten times a second: the board is for eyes, and Redis has other work. */
function throttledProgress(find: () => Promise<Job | undefined>, log: Logger): TellProgress {
  let last = 0;
  return (share, doing, figures = {}) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    find()
      .then((job) => job?.updateProgress({ percent: Math.round(share * 100), doing, ...figures }))
      .catch((error) => log.debug({ err: error }, 'progress was not told'));
  };
}

/** The job that waits for this one, where it is in the same queue. */
async function parentOf(job: Job, worker: Worker): Promise<Job | undefined> {
  const { parent } = job;
  if (parent?.id === undefined || parent.queueKey !== job.queueQualifiedName) return undefined;
  return Job.fromId(worker, parent.id);
}
