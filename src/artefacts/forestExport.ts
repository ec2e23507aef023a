import { ClvError } from '../domain/errors.ts';
import { toMlRandomForest } from '../domain/forest/exchange/mlRandomForest.ts';
import { toOnnx } from '../domain/forest/exchange/toOnnx.ts';
import type { Forest } from '../domain/forest/forest.ts';
import { replaceFile } from './files/replaceFile.ts';

/** The formats of other stacks, by the ending of the file. */
const FORMATS: Readonly<Record<string, (forest: Forest) => Uint8Array | string>> = {
  '.onnx': toOnnx,
  '.json': (forest) => JSON.stringify(toMlRandomForest(forest)),
};

/**
 * Writes a forest for another stack: `.onnx` for any that runs ONNX, `.json` for `RandomForestRegression.load` of
 * ml-random-forest. Throws ClvError `EXPORT_KIND` for another ending, `FOREST_WITHOUT_FEATURES`; FileWriteError.
 */
export async function exportForest(path: string, forest: Forest): Promise<void> {
  const ending = Object.keys(FORMATS).find((it) => path.endsWith(it));
  if (ending === undefined) {
    throw new ClvError('EXPORT_KIND', `${path} is neither .onnx nor .json.`, {
      remedy: 'Give --out a name that ends in .onnx (ONNX) or in .json (ml-random-forest).',
    });
  }
  await replaceFile(path, FORMATS[ending](forest));
}
