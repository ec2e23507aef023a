import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const engines = ['ours-2', 'ours-1', 'scikit-learn', 'xgboost', 'ml-random-forest'] as const;
export const boosters = ['ours-boosted', 'xgboost-boosted'] as const;
export type Engine = (typeof engines)[number] | (typeof boosters)[number];

/** What one engine did on one data set. */
export interface EngineRun {
  readonly engine: Engine;
  readonly trees: number;
  /** Medians over the repeats. */
  readonly fitSeconds: number;
  readonly predictSeconds: number;
  /** Processor seconds of a fit, all threads together; measured only for boosters. */
  readonly fitCpuSeconds: number | undefined;
  readonly repeats: number;
  /** Largest resident memory of the process, including its data. */
  readonly peakBytes: number;
  readonly r2: number;
}

/** Where the libraries of the peers are looked for. */
const python = '/usr/bin/python3';

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Waiting threads of the boosted peer must not spin, because on a busy machine they slow down the thread that works.
 */
function environmentOf(engine: Engine): NodeJS.ProcessEnv {
  return engine === 'xgboost-boosted' ? { ...process.env, OMP_WAIT_POLICY: 'passive' } : process.env;
}

/**
 * Runs one engine in a separate process.
 *
 * @param folder holds `train.x`, `train.y`, `test.x`, `test.y`.
 * @returns undefined if the engine is not installed.
 */
export function runEngine(
  folder: string,
  engine: Engine,
  trees: number,
  repeats: number,
): EngineRun | undefined {
  const isPeer = engine === 'scikit-learn' || engine.startsWith('xgboost');
  if (isPeer && !existsSync(python)) return undefined;
  const script = isPeer
    ? // Python is not compiled, so it lies where the sources lie.
      fileURLToPath(new URL('../../../bench/forestPeers.py', import.meta.url))
    : fileURLToPath(new URL('./forestOurs.js', import.meta.url));
  const output = execFileSync(
    isPeer ? python : process.execPath,
    [script, folder, engine, String(trees), String(repeats)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: environmentOf(engine) },
  );
  const answer = JSON.parse(output.trim().split('\n').at(-1) ?? '');
  if ('missing' in answer) return undefined;
  const { fitSeconds, predictSeconds, fitCpuSeconds, peakBytes, r2 } = answer as {
    fitSeconds: number[];
    predictSeconds: number[];
    fitCpuSeconds?: number[];
    peakBytes: number;
    r2: number;
  };
  return {
    engine,
    trees,
    fitSeconds: median(fitSeconds),
    predictSeconds: median(predictSeconds),
    fitCpuSeconds: fitCpuSeconds && median(fitCpuSeconds),
    repeats: fitSeconds.length,
    peakBytes,
    r2,
  };
}
