import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { openSession } from '../session.ts';
import { untilStopped } from '../untilStopped.ts';

export function addWorkerCommand(program: Command): void {
  withCommonOptions(program.command('worker').description('work on the queues until stopped')).action(
    async (options) => {
      const { home, log } = contextOf(options, 'info');
      const session = await openSession(home, await loadConfig(home), log);
      const { pool } = await session.work('keeper');
      // Before it is said that it works: whoever reads that may stop it at once.
      const stopped = untilStopped(log, () => session.close());
      log.info(
        { home: home.root, homeId: home.id, redis: session.lease.address, threads: pool.threads },
        'worker ready',
      );
      await stopped;
    },
  );
}
