import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of tens of seconds, the longest first. */
const LONG = [
  'cli',
  'cliGate1',
  'cliFailures',
  'monitorDrift',
  'candidate',
  'gridSearch',
  'oddShops',
  'killedWorker',
  'features',
  'killedMaturity',
  'apiRefusals',
  'replay',
  'compareModels',
  'scoringRun',
  'restToChampion',
  'plantedChange',
  'monitoring',
];

/**
 * Begins with the files that take longest: one that is begun last keeps one worker busy while the other has nothing to do.
 * Vitest knows how long files took from the run before, but where a checkout is fresh there was none.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.endsWith(`/integration/${name}.test.ts`));
  return place === -1 ? LONG.length : place;
}
