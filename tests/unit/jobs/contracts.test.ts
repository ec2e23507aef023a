import { expect, test } from 'vitest';
import { ALL_JOBS } from '../../../queues/allJobs.ts';
import { SCORING_STEPS, scoringFlow, scoringJobId } from '../../../queues/scoring.ts';
import { ALL_PROCESSORS } from '../../../workers/allProcessors.ts';

test('every declared job has one processor, and every processor a declared job', () => {
  const names = (list: readonly { queue: string; name: string }[]) =>
    list.map((it) => `${it.queue}/${it.name}`).sort();
  expect(names(ALL_PROCESSORS.map((it) => it.contract))).toEqual(names(ALL_JOBS));
});

test('a run is one flow: each step waits for the one before it, and only the first one may be delayed', () => {
  const run = { cutoff: '2024-08-31', modelId: 'm', historyMonths: 12, predMonths: 6, orders: null };
  const names: string[] = [];
  const delays: (number | undefined)[] = [];
  for (let node = scoringFlow(run, 'clv:x', 500) as ReturnType<typeof scoringFlow> | undefined; node; ) {
    expect(node.opts?.jobId).toBe(scoringJobId(node.name, run));
    names.unshift(node.name);
    delays.unshift(node.opts?.delay);
    node = node.children?.[0] as typeof node | undefined;
  }
  expect(names).toEqual(SCORING_STEPS.map((step) => step.name));
  expect(delays).toEqual([500, undefined, undefined, undefined, undefined]);
});
