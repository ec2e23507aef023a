import { OrdersSourceError } from '../errors.ts';

/** What the error codes of the system mean, in words, and what helps. */
const TROUBLES: Readonly<Record<string, readonly [says: string, remedy: string]>> = {
  EACCES: ['may not be read by this user', 'Give the user that runs this program the right to read it.'],
  EPERM: ['may not be read by this user', 'Give the user that runs this program the right to read it.'],
  ELOOP: ['is a link that leads round in a circle', 'Let the link lead to the file itself.'],
  ENOENT: [
    'is listed in its folder, and is not there: it has just gone, or is a link to nothing',
    'Run this again once the export is complete, or take the link away.',
  ],
  ENAMETOOLONG: ['has a longer name than the system allows', 'Shorten the name.'],
};

/** The error for a file that the system failed to read. */
export function unreadableFile(path: string, cause: NodeJS.ErrnoException): OrdersSourceError {
  const [says, remedy] = TROUBLES[cause.code ?? ''] ?? [
    `cannot be read: ${cause.message}`,
    'See to the disk or the network that it is on, then run this again.',
  ];
  return new OrdersSourceError('ORDERS_FILE_UNREADABLE', `${path} ${says}.`, {
    remedy,
    values: { path, code: cause.code },
    cause,
  });
}

/** Whether an error comes from the system, and not from the content of a file. */
export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
