import { ClvError } from '../domain/errors.ts';

/** What the operating system refuses, some of it with the call that it refused, and what a person does about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Run it as a user who may do that, or have the permissions changed.',
  EPERM: 'Run it as a user who may do that, or have the permissions changed.',
  EROFS: 'The file system is read-only: name a folder on another one, or mount it writable.',
  ENOSPC: 'The disk is full: make room, then run it again.',
  EDQUOT: 'The disk quota is used up: make room, then run it again.',
  EFBIG: 'Raise the limit on the size of files (ulimit -f).',
  ENOTDIR: 'A part of this path is a file and not a folder: name another.',
  EEXIST: 'Something is there already that is no folder: name another.',
  ENAMETOOLONG: 'Name a shorter path.',
  'ENOENT mkdir': 'The file system there takes no new folders: name a folder on another one.',
  ELOOP: 'Symbolic links lead round in a circle here: mend them.',
};

/** An error of the operating system as a sentence with its remedy; any other error as it is. */
export function asSentence(error: unknown): unknown {
  if (error instanceof ClvError || !(error instanceof Error)) return error;
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  const remedy = syscall === undefined ? undefined : (REMEDIES[`${code} ${syscall}`] ?? REMEDIES[code]);
  if (remedy === undefined) return error;
  return new ClvError(code, `${error.message}.`, { remedy, values: { path }, cause: error });
}
