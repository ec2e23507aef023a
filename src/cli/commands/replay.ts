import { type Command, Option } from 'commander';
import { QUEUE_NAMES } from '../../../queues/jobContract.ts';
import { writeCsv } from '../../artefacts/csvFile.ts';
import { replaceFile } from '../../artefacts/replaceFile.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { dateInZone, instantOf } from '../../domain/calendar/dates.ts';
import { ClvError } from '../../domain/errors.ts';
import { counted } from '../../domain/words/counted.ts';
import { filesByFolder, replayedRuns } from '../../replay/gatherFacts.ts';
import { JobWatch } from '../../replay/jobWatch.ts';
import { makeReplayHome } from '../../replay/makeReplayHome.ts';
import { playCalendar } from '../../replay/playCalendar.ts';
import type { ReplayedDecision, ReplayedRun, ReplayFacts } from '../../replay/replayFacts.ts';
import { POLICY_WORDS, REPLAY_POLICIES, type ReplayPolicy } from '../../replay/replayPolicy.ts';
import { replayReportHtml } from '../../replay/reportHtml.ts';
import { VirtualClock } from '../../replay/virtualClock.ts';
import { openOrders } from '../../shop/openOrders.ts';
import { ordersPath } from '../../shop/ordersSource.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
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
      const { from, to } = options;
      if (to < from) {
        throw new ClvError(
          'REPLAY_DAYS_REVERSED',
          `The last day, ${to}, lies before the day of the launch, ${from}.`,
          {
            remedy: 'Give --to a day after --from.',
            values: { from, to },
          },
        );
      }
      const policy: ReplayPolicy = options.policy;
      const startedAt = performance.now();
      const home = await makeReplayHome(source, options.out, from);
      const config = await loadConfig(home);
      const { timezone } = config.general;
      const threads = config.compute.threads ?? 2;
      const sourceConfig = await loadConfig(source);
      const orders = ordersPath(source, sourceConfig, options.orders ?? null);
      const book = await openOrders({ home, clock: systemClock, threads }, sourceConfig, orders);
      const clock = new VirtualClock(instantOf(from, 0, timezone));
      const day = (): string => dateInZone(clock.now(), timezone);
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
      try {
        await book.writeKnownBefore(from, `${home.root}/data/known_orders.parquet`);
        await withSession(
          { home, terminal, log },
          config,
          async ({ queues, work }) => {
            await work('keeper');
            const watch = await JobWatch.open(queues);
            try {
              const decided = (what: string, modelId: string | null) =>
                void decisions.push({ date: day(), what, modelId });
              const tell = (sentence: string) => terminal.say(`${day()}  ${sentence}`);
              await playCalendar(
                { home, queues, jobs: watch, clock, book, observe, decided, tell },
                to,
                policy,
              );
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
        const facts: ReplayFacts = {
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
        const page = `${home.outputs}/replay_report.html`;
        const { drift_threshold_rmse: rmse, drift_threshold_r2: r2 } = config.monitoring;
        await replaceFile(page, await replayReportHtml(facts, { rmse, r2 }));
        await writeRuns(`${home.outputs}/replay_runs.csv`, facts.runs);
        const alerts = facts.runs.filter((run) => run.isAlert).length;
        terminal.result(
          `${counted(facts.runs.length, 'run')}, ${counted(alerts, 'alert')}, ${facts.seconds.toFixed(0)} s. Report: ${page}`,
          { ...facts, report: page },
        );
      } finally {
        book.close();
      }
    });
}

async function writeRuns(path: string, runs: readonly ReplayedRun[]): Promise<void> {
  const header = [
    'cutoff',
    'pred_months',
    'model_id',
    'customers',
    'predicted_revenue',
    'due_date',
    'actual_revenue',
    'rmse',
    'baseline_rmse',
    'r2',
    'baseline_r2',
    'is_alert',
    'largest_psi',
  ];
  await writeCsv(path, header, runs.length, (i) => {
    const run = runs[i];
    return [
      run.cutoff,
      run.predMonths,
      run.modelId,
      run.customers,
      run.predictedRevenue,
      run.dueDate,
      run.actualRevenue,
      run.rmse,
      run.baselineRmse,
      run.r2,
      run.baselineR2,
      run.isAlert ? 1 : 0,
      run.psi,
    ];
  });
}
