import type { Logger } from 'pino';
import { openQueues, type Queues } from '../../queues/openQueues.ts';
import { pausedQueues, tellPaused } from '../../queues/pausedQueues.ts';
import type { WorkerHost } from '../../workers/host.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Clock } from '../domain/calendar/clock.ts';
import { acquireRedis, type RedisLease } from '../redis/acquireRedis.ts';
import { systemClock } from '../systemClock.ts';
import type { CommandContext } from './command.ts';
import { claimOwnHomeId, isSharedByHomes } from './ownHomeId.ts';

/** A command's hold on Redis, the queues and, where asked for, workers. */
export interface Session {
  readonly lease: RedisLease;
  readonly queues: Queues;
  /**
   * Starts workers in this process, unless that was done before. @param role `keeper` for a process that stays, and
   * keeps the schedule; `helper` for one command.
   */
  work(role: 'keeper' | 'helper'): Promise<WorkerHost>;
  /** Starts workers in this process where no other process has any. */
  workUnlessOthersDo(): Promise<void>;
  /** Ends workers, connections and the hold on Redis, in this order; once, however often it is called. */
  close(): Promise<void>;
}

/** Opens a session on a home. Throws the errors of `acquireRedis`, RedisAwayError, HomeIdTakenError, HomeCopiedError. */
export async function openSession(
  home: Home,
  config: ModelConfig,
  log: Logger,
  clock: Clock = systemClock,
): Promise<Session> {
  const lease = await acquireRedis({
    homeRoot: home.root,
    env: process.env,
    log: (sentence) => log.warn(sentence),
  });
  for (const warning of lease.warnings) log.warn(warning);
  let queues: Queues;
  try {
    await claimOwnHomeId(home, lease, log);
    queues = await openQueues(lease.url, home.id, (error) => log.debug({ err: error }, 'queue connection'));
  } catch (error) {
    await lease.release();
    throw error;
  }
  let host: WorkerHost | null = null;
  const work: Session['work'] = async (role) => {
    for (const queue of await pausedQueues(queues)) log.warn({ queue }, tellPaused(queue));
    // Loaded when it is needed: all processors take half a second, and most refusals come before.
    const { startWorkers } = await import('../../workers/host.ts');
    host ??= await startWorkers({
      home,
      redisUrl: lease.url,
      clock,
      log,
      threads: config.compute.threads,
      keepsSchedule: role === 'keeper',
      guardsHomeId: isSharedByHomes(lease),
    });
    return host;
  };
  const end = async (): Promise<void> => {
    await host?.close();
    await queues.close();
    await lease.release();
  };
  let closing: Promise<void> | undefined;
  return {
    lease,
    queues,
    work,
    async workUnlessOthersDo() {
      const others = await Promise.all(Object.values(queues.byName).map((queue) => queue.getWorkersCount()));
      if (others.some((count) => count === 0)) await work('helper');
    },
    close() {
      closing ??= end();
      return closing;
    },
  };
}

/**
 * Runs `use` with a session and closes it whatever happens; SIGINT and SIGTERM close it before the process ends. What
 * is to be mended of the Redis server, or is paused there, is said first.
 */
export async function withSession<T>(
  { home, terminal, log }: CommandContext,
  config: ModelConfig,
  use: (session: Session) => Promise<T>,
  clock: Clock = systemClock,
): Promise<T> {
  const session = await openSession(home, config, log, clock);
  for (const warning of session.lease.warnings) terminal.say(`! ${warning}`);
  const stop = (signal: NodeJS.Signals): void => {
    // Nothing else is to be seen of it while a long job ends.
    process.stderr.write('\nclv: stopping: the running job is let end. Ctrl-C once more ends it at once.\n');
    session.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    for (const queue of await pausedQueues(session.queues)) terminal.say(`! ${tellPaused(queue)}`);
    return await use(session);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await session.close();
  }
}
