import type { Command } from 'commander';
import { compareModels } from '../../../queues/modelBuild.ts';
import { comparisonJobId, startComparison } from '../../../queues/startComparison.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { type ComparisonRecord, readMadeComparison } from '../../registry/comparisonRecord.ts';
import { type LookedUpComparison, lookUpComparison } from '../../shop/lookUpComparison.ts';
import { type CommandContext, contextOf, withCommonOptions } from '../command.ts';
import { describeComparison } from '../describeComparison.ts';
import { followJobs } from '../followJobs.ts';
import { pathOption } from '../options.ts';
import { withSession } from '../session.ts';

export function addCompareCommand(program: Command): void {
  withCommonOptions(
    program
      .command('compare')
      .description('compare two models on the same customers and months; decides nothing')
      .argument('<model>', 'id of a model, for example of the candidate')
      .argument('<other>', 'id of the other, for example of the champion'),
  )
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .action(async (modelId: string, otherId: string, options) => {
      const context = contextOf(options);
      const found = await lookUpComparison(context.home, modelId, otherId, options.orders ?? null);
      const record = found.record ?? (await makeComparison(context, found));
      context.terminal.result(describeComparison(record), record);
    });
}

async function makeComparison(
  { home, terminal, log }: CommandContext,
  { request, signature }: Extract<LookedUpComparison, { record: null }>,
): Promise<ComparisonRecord> {
  const config = await loadConfig(home);
  return withSession({ home, terminal, log }, config, async (session) => {
    await session.workUnlessOthersDo();
    // Not looked up again: the orders may have changed meanwhile.
    const made = await followJobs(
      session.queues,
      compareModels.queue,
      [comparisonJobId(request, signature)],
      () => startComparison(session.queues, request, signature),
      (news) => terminal.progress(`  … ${compareModels.name} ${news.percent} %  ${news.doing}`),
    );
    return readMadeComparison(home.outputs, (made as { file: string }).file);
  });
}
