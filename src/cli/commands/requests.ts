import type { Command } from 'commander';
import { demandHome } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { decideOnRequest, listRequests, type ReviewRequest } from '../../registry/requests.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { nameOption } from '../options.ts';

export function addRequestsCommand(program: Command): void {
  withCommonOptions(
    program
      .command('requests')
      .description('list what the program asks of a person, or dismiss one request')
      .argument('[request]', 'id of the request to dismiss'),
  )
    .option('--dismiss', 'dismiss the request; it stays in the list')
    .option('--by <name>', 'who decides', nameOption)
    .option('--note <text>', 'why')
    .action(async (id: string | undefined, options) => {
      const { home, terminal } = contextOf(options);
      await demandHome(home);
      if (id === undefined && !options.dismiss) {
        const requests = await listRequests(home);
        const text =
          requests.length === 0 ? 'Nothing is asked of anybody.' : requests.map(describe).join('\n');
        terminal.result(text, { requests });
        return;
      }
      if (id === undefined || !options.dismiss) {
        throw new ClvError('OPTION_MISSING', 'To dismiss a request its id and --dismiss are needed.', {
          remedy: 'clv requests ID --dismiss --by NAME --note TEXT; clv requests lists the ids.',
        });
      }
      const request = await decideOnRequest(home, id, {
        status: 'dismissed',
        by: options.by ?? '',
        note: options.note ?? '',
        searchId: null,
        nowMs: systemClock.now(),
      });
      terminal.result(describe(request), { request });
    });
}

function describe(request: ReviewRequest): string {
  const { id, status, opened_at, reason, decided_by, decided_at, note, search_id } = request;
  const outcome =
    status === 'open'
      ? `  Next     clv grid-search --request ${id} --by NAME --note TEXT, or: clv requests ${id} --dismiss --by NAME --note TEXT`
      : `  ${status === 'dismissed' ? 'Dismissed' : `Search ${search_id} started`} by ${decided_by} at ${decided_at}: ${note}`;
  return [`${id} (${status}), opened ${opened_at}`, `  ${reason}`, outcome].join('\n');
}
