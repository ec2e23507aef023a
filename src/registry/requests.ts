import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { damageOf } from '../artefacts/files/damageOf.ts';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { DecisionRefusedError } from '../domain/governance/modelStatus.ts';
import { completeSignature } from '../domain/governance/signature.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';

/** There is no request with that id. */
export class ReviewRequestUnknownError extends ClvError {}

/** The file of a request is not the JSON of a request. */
export class ReviewRequestDamagedError extends ClvError {}

/** The shape of the file of a request. */
export const reviewRequestSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['quarterly-review', 'sustained-drift']),
  /** ISO 8601 in UTC, like `decided_at`. */
  opened_at: z.string(),
  /** A sentence for the person who decides. */
  reason: z.string(),
  /** The figures behind the reason, by name. */
  evidence: z.record(z.string(), z.unknown()),
  status: z.enum(['open', 'search-started', 'dismissed']),
  /** This and what follows is null while the request is open. */
  decided_at: z.string().nullable(),
  decided_by: z.string().nullable(),
  note: z.string().nullable(),
  /** The search that the request was turned into; null for none. */
  search_id: z.string().nullable(),
});

/**
 * What the program asks a person to do, in `outputs/requests/<id>.json`: to check whether the windows are still the
 * right ones. Nothing happens until somebody decides.
 */
export type ReviewRequest = z.infer<typeof reviewRequestSchema>;

const REQUEST_ID = /^[a-z0-9][a-z0-9._-]{0,119}$/;

/** The folder with the requests of a home. */
function requestsFolder(home: Home): string {
  return `${home.outputs}/requests`;
}

/**
 * Throws ReviewRequestUnknownError for an impossible id, because it may come from outside and must not leave the
 * folder.
 */
function requestPath(home: Home, id: string): string {
  if (!REQUEST_ID.test(id)) throw unknownRequest(id);
  return `${requestsFolder(home)}/${id}.json`;
}

/**
 * Opens a request, and returns it. If there is one with the same id, decided or not, it stays as it is and is returned:
 * the id names the occasion, so that an occasion that is noticed twice is asked about once. Throws
 * ReviewRequestDamagedError, RegistryBusyError, FileWriteError.
 *
 * @param given.id lower-case letters, digits, `.`, `_` and `-`; it is also the name of the file.
 */
export async function openRequest(
  home: Home,
  given: Pick<ReviewRequest, 'id' | 'kind' | 'reason' | 'evidence'> & { readonly nowMs: number },
): Promise<ReviewRequest> {
  const { id, kind, reason, evidence, nowMs } = given;
  return withRegistryLock(home, async () => {
    const there = await findRequest(home, id);
    if (there !== null) return there;
    const request: ReviewRequest = {
      id,
      kind,
      opened_at: new Date(nowMs).toISOString(),
      reason,
      evidence,
      status: 'open',
      decided_at: null,
      decided_by: null,
      note: null,
      search_id: null,
    };
    await writeRequest(home, request);
    return request;
  });
}

/**
 * All requests, newest first; files with other names, such as copies, are ignored. Throws ReviewRequestDamagedError,
 * FolderUnreadableError.
 */
export async function listRequests(home: Home): Promise<ReviewRequest[]> {
  const requests = await Promise.all((await requestIds(home)).map((id) => readRequest(home, id)));
  return requests.sort((a, b) =>
    a.opened_at === b.opened_at ? (a.id < b.id ? -1 : 1) : a.opened_at < b.opened_at ? 1 : -1,
  );
}

/** The ids of all requests, by the names of their files, in no particular order. Throws FolderUnreadableError. */
export async function requestIds(home: Home): Promise<string[]> {
  const names = await namesIn(requestsFolder(home));
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((id) => REQUEST_ID.test(id));
}

/** Throws ReviewRequestUnknownError, ReviewRequestDamagedError. */
export async function readRequest(home: Home, id: string): Promise<ReviewRequest> {
  const request = await findRequest(home, id);
  if (request === null) throw unknownRequest(id);
  return request;
}

/** What a person decides on a request. */
export interface RequestDecision {
  readonly status: 'search-started' | 'dismissed';
  /** A person's name. */
  readonly by: string;
  readonly note: string;
  /** The search that is started; null where the request is dismissed. */
  readonly searchId: string | null;
  readonly nowMs: number;
}

/**
 * Records who decided what about an open request; returns the request with the decision. Of two decisions at the same
 * moment the first counts.
 *
 * @throws ReviewRequestUnknownError, SignatureMissingError, RegistryBusyError, FileWriteError; DecisionRefusedError
 *   where the request was decided on before.
 */
export async function decideOnRequest(
  home: Home,
  id: string,
  { status, by, note, searchId, nowMs }: RequestDecision,
): Promise<ReviewRequest> {
  const signature = completeSignature({ approver: by, note, ticket: null });
  return withRegistryLock(home, async () => {
    const request = await readRequest(home, id);
    demandOpen(request);
    const decided: ReviewRequest = {
      ...request,
      status,
      decided_at: new Date(nowMs).toISOString(),
      decided_by: signature.approver,
      note: signature.note,
      search_id: searchId,
    };
    await writeRequest(home, decided);
    return decided;
  });
}

/** Throws DecisionRefusedError where the request was decided on before. */
function demandOpen({ id, status, decided_by, decided_at, search_id }: ReviewRequest): void {
  if (status === 'open') return;
  const became = status === 'dismissed' ? 'dismissed' : `turned into the search ${search_id}`;
  throw new DecisionRefusedError(
    'ALREADY_DECIDED',
    `The request ${id} was ${became} by ${decided_by} at ${decided_at}; a request is decided once.`,
    { remedy: 'To search all the same: clv grid-search', values: { id, status, by: decided_by } },
  );
}

async function findRequest(home: Home, id: string): Promise<ReviewRequest | null> {
  const path = requestPath(home, id);
  try {
    return reviewRequestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ReviewRequestDamagedError(
      'REVIEW_REQUEST_DAMAGED',
      `The request ${path} is damaged: ${damageOf(cause)}.`,
      {
        remedy: 'Restore it from a backup, or delete it: it is opened anew when its reason still holds.',
        cause,
      },
    );
  }
}

async function writeRequest(home: Home, request: ReviewRequest): Promise<void> {
  await replaceFile(
    requestPath(home, request.id),
    `${JSON.stringify(reviewRequestSchema.parse(request), null, 2)}\n`,
  );
}

function unknownRequest(id: string): ReviewRequestUnknownError {
  return new ReviewRequestUnknownError('REVIEW_REQUEST_UNKNOWN', `There is no request ${id}.`, {
    remedy: 'Look up the ids with clv requests, or GET /api/requests.',
    values: { id },
  });
}
