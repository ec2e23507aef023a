import { ClvError } from '../../errors.ts';
import { type ModelKind, modelKinds } from './fileLayout.ts';

/** The bytes are not a forest file at all. */
export class NotAForestFileError extends ClvError {
  constructor() {
    super('FOREST_FILE_UNKNOWN', 'This is not a forest file: it does not begin with CLVFORST.', {
      remedy: 'Name a file that ends in .forest and was written by this program.',
    });
  }
}

/** The file ends before its own header says it should. */
export class ForestFileTruncatedError extends ClvError {
  constructor(bytes: number, expectedBytes: number) {
    super('FOREST_FILE_TRUNCATED', `The forest file is truncated: ${bytes} bytes of ${expectedBytes}.`, {
      remedy: 'Copy the file again from where it is whole, or train the model anew.',
      values: { bytes, expectedBytes },
    });
  }
}

/** The content is no longer what was written. */
export class ForestFileAlteredError extends ClvError {
  constructor(what: string) {
    super('FOREST_FILE_ALTERED', `The forest file was altered after it was written: ${what}.`, {
      remedy: 'Restore the file from a copy, or train the model anew.',
      values: { what },
    });
  }
}

/** The file was written by a newer program. */
export class ForestFileNewerError extends ClvError {
  constructor(version: number, newestKnown: number) {
    super(
      'FOREST_FILE_NEWER',
      `The forest file has format version ${version}; this program reads versions up to ${newestKnown}.`,
      {
        remedy: 'Upgrade the program, or train the model anew with this one.',
        values: { version, newestKnown },
      },
    );
  }
}

/** The file holds another kind of model. */
export class ForestFileKindError extends ClvError {
  constructor(kind: number, expected: ModelKind) {
    const actual = Object.entries(modelKinds).find(([, number]) => number === kind)?.[0] ?? `kind ${kind}`;
    super('FOREST_FILE_KIND', `The model file holds a ${actual}, not a ${expected}.`, {
      remedy: `Name the file of a ${expected}.`,
      values: { kind, actual, expected },
    });
  }
}
