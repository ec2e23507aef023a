import type { Part, Trouble } from '../../../web/dashboardFacts.ts';
import type { Api } from '../api.ts';
import { describeError } from '../errors/describeError.ts';
import { logIfOwnFault } from '../errors/logIfOwnFault.ts';

/** What `work` gives, or why it could not be told: one file that is damaged must not hide the others. */
export async function tellPart<T>(
  work: Promise<T>,
  { home, log }: Pick<Api, 'home' | 'log'>,
): Promise<Part<T>> {
  try {
    return { facts: await work, trouble: null };
  } catch (error) {
    return { facts: null, trouble: troubleOf(error, { home, log }) };
  }
}

/** What an error says to whoever reads the page. */
export function troubleOf(error: unknown, { home, log }: Pick<Api, 'home' | 'log'>): Trouble {
  const answer = describeError(error, home);
  logIfOwnFault(log, error, answer);
  const { message, remedy } = answer.body.error;
  return { says: message, remedy: remedy ?? null };
}
