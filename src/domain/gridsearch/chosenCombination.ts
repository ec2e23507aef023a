import { ClvError } from '../errors.ts';
import { counted } from '../words/counted.ts';

/** The window that a person asks for was not evaluated by the search. */
export class WindowNotEvaluatedError extends ClvError {}

/** The part of a combination that the choice depends on. */
interface Choosable {
  readonly history_months: number;
  readonly pred_months: number;
  readonly status: 'evaluated' | 'skipped';
  readonly reason: string;
  /** From 1; null where the composite is undefined. */
  readonly rank: number | null;
}

/**
 * The best ranked combination of a pair of windows, of which there are several with different hyper-parameters. Throws
 * WindowNotEvaluatedError, which says why the window was skipped, or which windows were evaluated.
 */
export function chosenCombination<T extends Choosable>(
  combinations: readonly T[],
  window: { readonly history_months: number; readonly pred_months: number },
): T {
  const here = combinations.filter(
    (it) => it.history_months === window.history_months && it.pred_months === window.pred_months,
  );
  const [best] = here
    .filter((it) => it.status === 'evaluated')
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
  if (best !== undefined) return best;
  const name = `${counted(window.history_months, 'month')} of history and ${window.pred_months} ahead`;
  const evaluated = combinations.filter((it) => it.status === 'evaluated');
  const there = [...new Set(evaluated.map((it) => `${it.history_months}x${it.pred_months}`))];
  throw new WindowNotEvaluatedError(
    'WINDOW_NOT_EVALUATED',
    here.length === 0
      ? `The search did not look at ${name}.`
      : `The search skipped ${name}: ${here[0].reason}.`,
    {
      remedy: `Choose one that it evaluated (${there.join(', ')}), or search again.`,
      values: { ...window },
    },
  );
}
