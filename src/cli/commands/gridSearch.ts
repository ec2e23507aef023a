import { userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  cellsOf,
  type GridSearch,
  gridCellJobId,
  gridSearch,
  gridSearchJobId,
  newGridSearch,
} from '../../../queues/gridSearch.ts';
import { findRunningSearch, startGridSearch } from '../../../queues/startGridSearch.ts';
import { searchForRequest } from '../../api/searches/searchForRequest.ts';
import { gridSearchFolder } from '../../artefacts/search/gridSearchCell.ts';
import {
  findGridSearchProposal,
  type GridSearchProposal,
  type ProposedCombination,
} from '../../artefacts/search/gridSearchProposal.ts';
import { gridSearchSettings } from '../../config/gridSearchSettings.ts';
import type { Home } from '../../config/home.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { amount } from '../../domain/words/amount.ts';
import { counted } from '../../domain/words/counted.ts';
import { figure } from '../../domain/words/figures.ts';
import { readRequest } from '../../registry/requests.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { followJobs } from '../followJobs.ts';
import {
  foldsOption,
  historyMonthsOption,
  listOption,
  nameOption,
  noteOption,
  pathOption,
  predMonthsOption,
} from '../options.ts';
import { withSession } from '../session.ts';

/** What a person may choose of a search; one on a request has the settings of the config. */
const OWN_SETTINGS = ['historyMonths', 'predMonths', 'folds', 'weights', 'orders', 'overrideEligibility'];

const FOLLOWED =
  'This search is in the queue already, of another command or of one that was cut off: it is followed.';

export function addGridSearchCommand(program: Command): void {
  withCommonOptions(
    program
      .command('grid-search')
      .description('compare windows out of time and propose one; nothing changes until a person approves it'),
  )
    .option(
      '--history-months <list>',
      'months of history to try, for example 6,12',
      listOption(historyMonthsOption),
    )
    .option('--pred-months <list>', 'months to predict to try, for example 3,6', listOption(predMonthsOption))
    .option('--folds <n>', 'rolling origins of a pair of windows, at most', foldsOption)
    .option('--weights <rmse,r2>', 'how much each metric counts, for example 0.5,0.5', weightsOption)
    .option('--orders <file>', 'file or glob in place of data.orders', pathOption)
    .option('--by <name>', 'who asks', nameOption, userInfo().username)
    .option('--note <text>', 'why', '')
    .option(
      '--override-eligibility <note>',
      'search although the orders do not reach the limits, and say why',
      noteOption,
    )
    .addOption(
      new Option(
        '--request <id>',
        'the request that the search answers, and closes: with the settings of the config',
      ).conflicts(OWN_SETTINGS),
    )
    .action(async (options) => {
      const { home, terminal, log } = contextOf(options);
      const config = await loadConfig(home);
      const { historyMonths, predMonths, folds, weights } = options;
      const now = systemClock.now();
      const settings = gridSearchSettings(config, { historyMonths, predMonths, folds, weights });
      const { by, note, overrideEligibility = null, orders = null, request } = options;
      await withSession({ home, terminal, log }, config, async (session) => {
        const api = { home, queues: session.queues, clock: systemClock, log };
        const asked = { requestedBy: by, note, eligibilityOverride: overrideEligibility, orders };
        const wanted = newGridSearch(fileTimestamp(now), now, settings, asked);
        const running = (await findRunningSearch(session.queues))?.data ?? null;
        const followed =
          running !== null && (await isAskedFor(running, wanted, home, request)) ? running : null;
        const search =
          followed ?? (request === undefined ? wanted : await searchForRequest(api, request, { by, note }));
        await session.workUnlessOthersDo();
        terminal.say(`Grid search ${search.searchId} in ${home.root}`);
        if (followed !== null) terminal.say(FOLLOWED);
        const startedAt = performance.now();
        const jobId = gridSearchJobId(search.searchId);
        const ids = cellsOf(search).map((cell) => gridCellJobId(search.searchId, cell));
        await followJobs(
          session.queues,
          gridSearch.queue,
          [...ids, jobId],
          async () => (followed !== null ? jobId : startGridSearch(session.queues, search)),
          (news) => {
            if (news.state === 'progress') terminal.progress(`  … ${news.doing}`);
          },
        );
        terminal.done(
          `  ✓ ${counted(ids.length, 'cell')} in ${((performance.now() - startedAt) / 1000).toFixed(2)} s`,
        );
        const proposal = (await findGridSearchProposal(home.outputs, search.searchId)) as GridSearchProposal;
        terminal.result(describeProposal(proposal, gridSearchFolder(home.outputs)), proposal);
      });
    });
}

/** Whether the search in the queue is the one that a request was turned into, or without a request finds the same as the wanted one. */
async function isAskedFor(
  running: GridSearch,
  wanted: GridSearch,
  home: Home,
  request: string | undefined,
): Promise<boolean> {
  if (request === undefined) return isSameSearch(running, wanted);
  return running.searchId === (await readRequest(home, request)).search_id;
}

/**
 * Whether two searches find the same, whoever asked for them and when: a command that was killed leaves its search in the
 * queue, and whoever gives it again means that one.
 */
function isSameSearch(one: GridSearch, other: GridSearch): boolean {
  const found = ({ settings, orders, eligibilityOverride }: GridSearch) => ({
    settings,
    orders,
    eligibilityOverride,
  });
  return isDeepStrictEqual(found(one), found(other));
}

function describeProposal(proposal: GridSearchProposal, folder: string): string {
  const { combinations, winner, files } = proposal;
  const evaluated = combinations.filter((it) => it.rank !== null);
  const horizons = evaluated
    .filter((it) => it.is_best_for_horizon)
    .sort((a, b) => a.pred_months - b.pred_months)
    .map((it) => `           ${describe(it)}`);
  const ties = evaluated.filter((it) => it.is_tied_with_winner).length;
  return [
    '',
    `Proposed   ${describe(winner)}`,
    ...(proposal.is_tie_within_noise
      ? [`           a tie within noise with ${counted(ties, 'other')}, within the spread over folds`]
      : []),
    'By horizon',
    ...horizons,
    `Evaluated  ${evaluated.length} of ${counted(combinations.length, 'combination')}; the reasons for the others are in the results`,
    ...Object.values(files).map(
      ({ file }, i) => `${i === 0 ? 'Files      ' : '           '}${folder}/${file}`,
    ),
    `Next       clv approve ${proposal.search_id} --by NAME --note TEXT  (--window HxP for another window, or --reject)`,
  ].join('\n');
}

function describe({ history_months, pred_months, metrics, composite }: ProposedCombination): string {
  const number = (value: number | null): string => (value === null ? 'undefined' : figure(value));
  return `${counted(history_months, 'month')} of history, ${pred_months} ahead: RMSE ${metrics.rmse.mean === null ? 'undefined' : amount(metrics.rmse.mean)} (${number(metrics.rmse_skill.mean)} of naive), R² ${number(metrics.r2.mean)} ± ${number(metrics.r2.std)}, composite ${number(composite)}`;
}

function weightsOption(text: string): { rmse: number; r2: number } {
  const [rmse, r2, ...more] = text.split(',').map(Number);
  if (r2 === undefined || more.length > 0 || !Number.isFinite(rmse + r2))
    throw new InvalidArgumentError('It must be two numbers with a comma between them, for example 0.5,0.5.');
  return { rmse, r2 };
}
