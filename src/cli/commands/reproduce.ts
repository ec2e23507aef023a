import type { Command } from 'commander';
import { addJob } from '../../../queues/addJob.ts';
import { reproduceModel } from '../../../queues/modelBuild.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { readCard } from '../../registry/modelCard.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { followJobs } from '../followJobs.ts';
import { pathOption } from '../options.ts';
import { withSession } from '../session.ts';

interface ReproductionResult {
  readonly model_id: string;
  readonly verdict: 'identical' | 'different' | 'other-orders';
  readonly forest_sha256: string;
  readonly differences: readonly { readonly what: string; readonly card: unknown; readonly now: unknown }[];
  readonly restored: boolean;
}

export function addReproduceCommand(program: Command): void {
  withCommonOptions(
    program
      .command('reproduce')
      .description('fit a model again from its card, and say whether it comes out the same, byte for byte')
      .argument('<model>', 'id of the model'),
  )
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (modelId: string, options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      await readCard(home, modelId);
      await withSession({ home, terminal, log }, config, async (session) => {
        await session.workUnlessOthersDo();
        const jobId = `${reproduceModel.name}-${modelId}-${fileTimestamp(systemClock.now())}`;
        const request = { modelId, orders: options.orders ?? null };
        const start = () => addJob(session.queues, reproduceModel, request, jobId);
        const result = (await followJobs(session.queues, reproduceModel.queue, [jobId], start, (news) =>
          terminal.progress(`  … ${reproduceModel.name} ${news.percent} %  ${news.doing}`),
        )) as ReproductionResult;
        terminal.result(describe(result), result);
        if (result.verdict !== 'identical') process.exitCode = 1;
      });
    });
}

function describe({ model_id, verdict, forest_sha256, differences, restored }: ReproductionResult): string {
  if (verdict === 'identical') {
    const written = restored ? '; its binary was missing and is written again' : '';
    return `${model_id} comes out the same, metrics and bytes (SHA-256 ${forest_sha256})${written}.`;
  }
  const said =
    verdict === 'other-orders'
      ? `${model_id} cannot be reproduced: the orders are not those that it was trained on.`
      : `${model_id} comes out different.`;
  return [
    said,
    ...differences.map(
      ({ what, card, now }) => `  ${what}: ${JSON.stringify(card)} on the card, ${JSON.stringify(now)} now`,
    ),
  ].join('\n');
}
