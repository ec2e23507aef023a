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
  readonly older_format: number | null;
  readonly binary_missing: boolean;
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

function describe(result: ReproductionResult): string {
  const { model_id, verdict, forest_sha256, differences, older_format, restored } = result;
  if (older_format !== null)
    return `${model_id} comes out the same, metrics and forecasts. Its file is of format version ${older_format}, which is read and no longer written, so a file written now has other bytes: what both of them hold was compared, and it is the same. The file stays as it is.`;
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
    ...(onlyBytesDiffer(result) && result.binary_missing
      ? [
          'The metrics are the same. The file of the model is missing, so whether only its format has changed since (docs/model-format.md) cannot be told: restore the file from a backup and ask again.',
        ]
      : []),
    ...remediesFor(result),
  ].join('\n');
}

function remediesFor({ verdict, differences }: ReproductionResult): string[] {
  if (verdict === 'other-orders') return ['Name the orders of that training: --orders FILE.'];
  const commit = differences.find(({ what }) => what === 'code_commit');
  if (commit === undefined) return [];
  return [
    `Another version of the program made it, and can make it again: clv reproduce at the commit ${commit.card}. It can be scored with all the same.`,
  ];
}

/** Whether everything that was measured is the same; commit and versions are told beside other differences. */
function onlyBytesDiffer({ verdict, differences }: ReproductionResult): boolean {
  return (
    verdict === 'different' && differences.every(({ what }) => /^(forest|code_commit|versions)\b/.test(what))
  );
}
