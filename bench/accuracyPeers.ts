import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE_FEATURES } from '../src/domain/features/chooseFeatures.ts';
import { columnOf, type FeatureMatrix } from '../src/domain/features/matrix.ts';
import { readNumbers, writeNumbers } from './numbersFile.ts';

/** Where the libraries of the peers are looked for. */
const python = '/usr/bin/python3';
const TREES = 200;

interface Customers {
  readonly matrix: FeatureMatrix;
  readonly labels: Float64Array;
}

/** What a forest of another library, trained on the base features of `train`, forecasts of `test`; null where it is not installed. */
export function forecastOfPeer(
  folder: string,
  peer: string,
  train: Customers,
  test: Customers,
): Float64Array | null {
  if (!existsSync(python)) return null;
  for (const [name, { matrix, labels }] of Object.entries({ train, test })) {
    writeNumbers(join(folder, `${name}.x`), baseColumns(matrix));
    writeNumbers(join(folder, `${name}.y`), labels);
  }
  const out = join(folder, 'predicted.y');
  // Python is not compiled, so it lies where the sources lie.
  const script = fileURLToPath(new URL('../../../bench/forestPeers.py', import.meta.url));
  const answer = execFileSync(python, [script, folder, peer, String(TREES), '1', out], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return 'missing' in JSON.parse(answer.trim().split('\n').at(-1) ?? '') ? null : readNumbers(out);
}

function baseColumns(matrix: FeatureMatrix): Float64Array {
  const values = new Float64Array(BASE_FEATURES.length * matrix.rows);
  BASE_FEATURES.forEach((name, feature) => {
    values.set(columnOf(matrix, name), feature * matrix.rows);
  });
  return values;
}
