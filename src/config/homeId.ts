import { createHash } from 'node:crypto';
import { ClvError } from '../domain/errors.ts';

/** `CLV_HOME_ID` cannot be the name of a home. */
export class HomeIdInvalidError extends ClvError {}

/** The id of the home in `CLV_HOME_ID`; undefined where it is not set. Throws HomeIdInvalidError. */
export function givenHomeId(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const id = env.CLV_HOME_ID?.trim();
  if (!id) return undefined;
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(id)) return id;
  throw new HomeIdInvalidError(
    'HOME_ID_INVALID',
    `CLV_HOME_ID is ${JSON.stringify(id)}, which cannot name a home.`,
    {
      remedy: 'Use at most 32 lower-case letters, digits and hyphens, as in shop-berlin; not a hyphen first.',
      values: { id },
    },
  );
}

/** The id of a home that was not named. */
export function homeIdOfPath(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 10);
}
