import { dirname } from 'node:path';
import { ClvError } from '../domain/errors.ts';

const NOT_ALLOWED = (file: string) =>
  [
    `the folder ${dirname(file)} may not be written to`,
    'Choose a folder of your own, or have its permissions changed.',
  ] as const;

/** What the operating system's error codes mean here, and what to do about each. */
const REASONS: Readonly<Record<string, (file: string) => readonly [reason: string, remedy: string]>> = {
  ENOENT: (file) => [
    `the folder ${dirname(file)} does not exist`,
    `Create it (mkdir -p ${dirname(file)}) or choose another path.`,
  ],
  ENOTDIR: (file) => [
    `a part of ${dirname(file)} is a file, not a folder`,
    'Choose a path whose folders are folders.',
  ],
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: (file) => [`the folder ${dirname(file)} is on a read-only disk`, 'Choose a folder on another disk.'],
  EISDIR: (file) => [`${file} is a folder`, 'Choose the name of a file.'],
  ENOSPC: () => ['the disk is full', 'Free some space, write to another disk, or ask for fewer customers.'],
  EDQUOT: () => ['your disk quota is used up', 'Free some space, or ask for fewer customers.'],
  EFBIG: () => [
    'the file grew beyond the largest size allowed here',
    'Raise the limit (ulimit -f), or ask for fewer customers.',
  ],
};

/** A file of the practice shop could not be written; nothing of it is left behind. */
export class SampleNotWrittenError extends ClvError {
  /** @param file the path as the person gave it. @param cause what the operating system said. */
  constructor(file: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const [reason, remedy] = REASONS[code]?.(file) ?? [
      (cause as Error).message,
      'Put this right, or choose another path, and run the command again.',
    ];
    super('SAMPLE_NOT_WRITTEN', `${file} could not be written: ${reason}. No part of it is left behind.`, {
      remedy,
      values: { file, systemCode: code },
      cause,
    });
  }
}
