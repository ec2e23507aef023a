import { type Command, Option } from 'commander';
import { QUEUE_NAMES } from '../../../queues/jobContract.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { dateInZone, type IsoDate, instantOf } from '../../domain/calendar/dates.ts';
import { ClvError } from '../../domain/errors.ts';
import { counted } from '../../domain/words/counted.ts';
import type { OrderBook } from '../../orders/orderBook.ts';
import { filesByFolder, replayedRuns } from '../../replay/gatherFacts.ts';
import { JobWatch } from '../../replay/jobWatch.ts';
import { makeReplayHome } from '../../replay/makeReplayHome.ts';
import { playCalendar } from '../../replay/playCalendar.ts';
import type { ReplayedDecision, ReplayedRun, ReplayFacts } from '../../replay/replayFacts.ts';
import { POLICY_WORDS, REPLAY_POLICIES, type ReplayPolicy } from '../../replay/replayPolicy.ts';
import { VirtualClock } from '../../replay/virtualClock.ts';
import { writeReplayReport } from '../../replay/writeReplayReport.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { ordersPath } from '../../shop/ordersSource.ts';
import { systemClock } from '../../systemClock.ts';
import { type CommandContext, contextOf, withCommonOptions } from '../command.ts';
import { dateOption, pathOption } from '../options.ts';
import { withSession } from '../session.ts';

export function addReplayCommand(program: Command): void {
  withCommonOptions(
    program
      .command('replay')
      .description(
        'play years of the calendar over past orders in minutes, in a home of its own, and report',
      ),
  )
    .requiredOption('--from <date>', 'day of the launch', dateOption)
    .requiredOption('--to <date>', 'last day', dateOption)
    .requiredOption('--out <dir>', 'new folder to play in', pathOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .addOption(
      new Option('--policy <policy>', 'how the gates are answered')
        .choices(REPLAY_POLICIES)
        .default('search'),
    )
    .action(async (options) => {
      const { home: source, terminal, log } = contextOf(options);
      const { from, to, policy } = options;
      demandDaysInOrder(from, to);
      const home = await makeReplayHome(source, options.out, from);
      const sourceConfig = await loadConfig(source);
      const orders = ordersPath(source, sourceConfig, options.orders ?? null);
      const config = await loadConfig(home);
      const threads = config.compute.threads ?? 2;
      using book = await openOrders({ home, clock: systemClock, threads }, sourceConfig, orders);
      const facts = await play({ home, book, config, terminal, log }, { from, to, policy });
      const page = await writeReplayReport(home, facts, config.monitoring);
      const alerts = facts.runs.filter((run) => run.alertReasons.length > 0).length;
      terminal.result(
        `${counted(facts.runs.length, 'run')}, ${counted(alerts, 'alert')}, ${facts.seconds.toFixed(0)} s. Report: ${page}`,
        { ...facts, report: page },
      );
    });
}

function demandDaysInOrder(from: IsoDate, to: IsoDate): void {
  if (to >= from) return;
  throw new ClvError(
    'REPLAY_DAYS_REVERSED',
    `The last day, ${to}, lies before the day of the launch, ${from}.`,
    {
      remedy: 'Give --to a day after --from.',
      values: { from, to },
    },
  );
}

interface Stage extends CommandContext {
  readonly book: OrderBook;
  readonly config: ModelConfig;
}

/** Plays the calendar from one day to another, on queues and workers of its own, and tells what came of it. */
async function play(
  { home, book, config, terminal, log }: Stage,
  { from, to, policy }: { readonly from: IsoDate; readonly to: IsoDate; readonly policy: ReplayPolicy },
): Promise<ReplayFacts> {
  const startedAt = performance.now();
  const { timezone } = config.general;
  const clock = new VirtualClock(instantOf(from, 0, timezone));
  const day = (): IsoDate => dateInZone(clock.now(), timezone);
  const decisions: ReplayedDecision[] = [];
  const jobs = new Map<string, number>();
  const runs = new Map<string, ReplayedRun>();
  const observe = async (): Promise<void> => {
    for (const run of await replayedRuns(home)) {
      const key = `${run.cutoff} ${run.predMonths}`;
      // Retention may put the file of the index away before the others of the run.
      runs.set(key, { ...run, psi: run.psi ?? runs.get(key)?.psi ?? null });
    }
  };
  const decided = (what: string, modelId: string | null): void => {
    decisions.push({ date: day(), what, modelId });
  };
  const tell = (sentence: string): void => terminal.say(`${day()}  ${sentence}`);
  await book.writeKnownBefore(from, `${home.root}/data/known_orders.parquet`);
  await withSession(
    { home, terminal, log },
    config,
    async ({ queues, work }) => {
      await work('keeper');
      const watch = await JobWatch.open(queues);
      try {
        await playCalendar({ home, queues, jobs: watch, clock, book, observe, decided, tell }, to, policy);
        for (const name of QUEUE_NAMES) {
          for (const job of await queues.byName[name].getJobs(['completed']))
            jobs.set(job.name, (jobs.get(job.name) ?? 0) + 1);
        }
      } finally {
        await watch.close();
      }
    },
    clock,
  );
  const { report } = book;
  return {
    from,
    to,
    policy: POLICY_WORDS[policy],
    orders: {
      rows: report.orders,
      customers: report.customers,
      first: report.firstDate,
      last: report.lastDate,
    },
    runs: [...runs.values()],
    decisions,
    files: await filesByFolder(home),
    jobs: [...jobs].map(([job, runs]) => ({ job, runs })).sort((a, b) => (a.job < b.job ? -1 : 1)),
    seconds: (performance.now() - startedAt) / 1000,
  };
}
