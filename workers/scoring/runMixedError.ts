import type { ScoreRun } from '../../queues/scoring.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { counted } from '../../src/domain/words/counted.ts';

/** Files of a run were made from others than those that stand beside them. */
export class RunMixedError extends ClvError {
  constructor({ cutoff, predMonths, modelId }: ScoreRun) {
    super(
      'RUN_MIXED',
      `The files of the run of cutoff ${cutoff}, ${counted(predMonths, 'month')}, do not belong together: some were made from others than those that are there.`,
      { remedy: 'Score the cutoff again.', values: { cutoff, modelId } },
    );
  }
}
