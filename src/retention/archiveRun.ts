import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { replaceFile, replaceFileWith } from '../artefacts/files/replaceFile.ts';
import { sha256OfFile } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';

/** The archive holds something else under the name of a file, or did not take it as it is; the file stays where it was. */
export class ArchiveError extends ClvError {}

/** The names of the files of a run, each with the SHA-256 of its content. */
type ArchiveList = Map<string, string>;

function archiveFolder(home: Home, run: string): string {
  return `${home.outputs}/archive/${run}`;
}

function listPath(home: Home, run: string): string {
  return `${archiveFolder(home, run)}/SHA256SUMS`;
}

/** What the archive of a run holds; empty where there is none. */
export async function readArchiveList(home: Home, run: string): Promise<ArchiveList> {
  const text = await readFile(listPath(home, run), 'utf8').catch(() => '');
  return new Map(
    text
      .split('\n')
      .map((line) => /^([0-9a-f]{64}) {2}(.+)$/.exec(line))
      .filter((match) => match !== null)
      .map(([, sha256, name]) => [name, sha256]),
  );
}

/**
 * Packs files of a run into `outputs/archive/<run>/`, reads every packed file back, lists contents and packed files in
 * `SHA256SUMS` (as `sha256sum --check` reads it), and only then removes the originals. Done twice, or again after it was
 * killed anywhere, it ends the same. Gives the SHA-256 of each file's content.
 *
 * @param run `20240831_pred6m`. @param paths absolute.
 * @throws ArchiveError where the archive already holds another file of a name, FileWriteError.
 */
export async function archiveRun(
  home: Home,
  run: string,
  paths: readonly string[],
  afterStep: (step: 'packed' | 'listed' | 'removed') => void = () => undefined,
): Promise<Map<string, string>> {
  const list = await readArchiveList(home, run);
  const contents = new Map<string, string>();
  for (const path of paths) {
    const name = basename(path);
    const packed = `${archiveFolder(home, run)}/${name}.gz`;
    const content = await demandSha256(path);
    if (!(await exists(packed))) await pack(path, packed);
    const unpacked = await sha256OfPacked(packed);
    if (unpacked !== content) {
      throw new ArchiveError(
        'ARCHIVE_DIFFERS',
        `${packed} does not hold what ${path} holds, so that stays.`,
        {
          remedy: 'Compare the two, move one of them elsewhere, and run clv retention again.',
          values: { expected: content, actual: unpacked },
        },
      );
    }
    contents.set(path, content);
    list.set(name, content).set(`${name}.gz`, await demandSha256(packed));
    afterStep('packed');
  }
  const lines = [...list]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sha256]) => `${sha256}  ${name}\n`);
  await replaceFile(listPath(home, run), lines.join(''));
  afterStep('listed');
  // Predictions go before their actual revenue (their names sort that way): in between, nobody takes them for unlabelled.
  for (const path of paths.toSorted()) {
    await rm(path, { force: true });
    afterStep('removed');
  }
  return contents;
}

async function pack(path: string, packed: string): Promise<void> {
  await replaceFileWith(packed, (file) =>
    pipeline(createReadStream(path), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await file.writeFile(chunk);
    }),
  );
}

/** SHA-256 of what a packed file holds; null where it cannot be unpacked. */
async function sha256OfPacked(packed: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    await pipeline(createReadStream(packed), createGunzip(), digest);
  } catch {
    return null;
  }
  return digest.digest('hex');
}

async function demandSha256(path: string): Promise<string> {
  const sha256 = await sha256OfFile(path);
  if (sha256 !== null) return sha256;
  throw new ArchiveError('ARCHIVE_SOURCE_GONE', `${path} went away while it was being archived.`, {
    remedy: 'Run clv retention again.',
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
