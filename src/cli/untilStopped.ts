import type { Logger } from 'pino';

/**
 * Waits for SIGINT or SIGTERM, then closes; says that it has stopped when `close` has let jobs end. A second signal ends
 * the process at once; jobs that it cuts off are taken up again by the next worker.
 */
export async function untilStopped(log: Logger, close: () => Promise<void>): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  log.info({ signal }, 'stopping: running jobs are let end');
  const leave = (): never => process.exit(1);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  await close();
  log.info('stopped');
}
