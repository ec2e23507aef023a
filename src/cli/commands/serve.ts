import { type Command, Option } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { portOption } from '../options.ts';
import { openSession } from '../session.ts';
import { untilStopped } from '../untilStopped.ts';

export function addServeCommand(program: Command): void {
  withCommonOptions(
    program
      .command('serve')
      .description('serve the API and the board, and work on the queues, until stopped'),
  )
    .addOption(
      new Option('--host <address>', 'address to listen on; any but loopback needs CLV_API_KEY')
        .env('CLV_HOST')
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <n>', 'port to listen on').env('CLV_PORT').argParser(portOption).default(3000),
    )
    .option('--no-workers', 'leave the work to other processes (clv worker)')
    .action(async (options) => {
      const { home, log } = contextOf(options, 'info');
      // Loaded here, so that the other commands start without a web framework.
      const { demandKey, startServer } = await import('../../api/startServer.ts');
      const { warmUp } = await import('../../api/dashboard/warmUp.ts');
      const listening = { host: options.host, apiKey: process.env.CLV_API_KEY || undefined };
      // Asked first: a refusal leaves no schedule behind.
      demandKey(listening);
      const session = await openSession(home, await loadConfig(home), log);
      try {
        if (options.workers) await session.work('keeper');
        const server = await startServer({
          home,
          queues: session.queues,
          clock: systemClock,
          log,
          port: options.port,
          ...listening,
        });
        // Before it is said that it serves: whoever reads that may stop it at once.
        const stopped = untilStopped(log, async () => {
          await server.close();
          await session.close();
        });
        log.info(
          {
            home: home.root,
            homeId: home.id,
            redis: session.lease.address,
            board: `${server.url}/queues`,
            dashboard: `${server.url}/dashboard`,
          },
          'serving',
        );
        void warmUp(log);
        await stopped;
      } finally {
        await session.close();
      }
    });
}
