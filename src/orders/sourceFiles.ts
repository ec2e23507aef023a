import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Duck } from '../tables/duck.ts';
import { asPattern, sqlText } from '../tables/sqlWords.ts';
import { OrdersSourceError } from './errors.ts';

/** One file of orders and how it is read. */
export interface SourceFile {
  readonly path: string;
  /** Its path below the folder that all files share. */
  readonly name: string;
  readonly kind: 'csv' | 'ndjson' | 'parquet';
  readonly isGzipped: boolean;
  readonly bytes: number;
}

const ENDINGS: readonly [RegExp, SourceFile['kind']][] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson'],
  [/\.parquet$/i, 'parquet'],
];

/**
 * The files that a path or glob names, in alphabetical order.
 * Throws OrdersSourceError where there is none, one is empty, or the ending is not known.
 */
export async function findSourceFiles(duck: Duck, source: string): Promise<SourceFile[]> {
  const paths = await listPaths(duck, source);
  if (paths.length === 0) {
    throw new OrdersSourceError('ORDERS_FILE_MISSING', `There is no orders file at ${source}.`, {
      remedy: 'Set data.orders in config/model_config.yaml, or pass --orders FILE.',
      values: { source },
    });
  }
  const folder = commonFolder(paths);
  return Promise.all(paths.map((path) => describeFile(path, relative(folder, path))));
}

async function listPaths(duck: Duck, source: string): Promise<string[]> {
  const found = await stat(source).catch(() => null);
  if (found?.isDirectory()) {
    throw new OrdersSourceError('ORDERS_FILE_MISSING', `${source} is a folder, not a file of orders.`, {
      remedy: `Name the files in it with a glob, for example ${source}/*.csv.gz`,
    });
  }
  if (found) return [source];
  if (!/[*?[{]/.test(source)) return [];
  const matches = await duck.rows<{ file: string }>(
    `SELECT file FROM glob(${sqlText(await patternOf(source))})`,
  );
  return matches.map((row) => row.file).sort();
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  const isShared = (): boolean => paths.every((path) => !relative(folder, path).startsWith('../'));
  while (folder !== dirname(folder) && !isShared()) folder = dirname(folder);
  return folder;
}

/** A folder that is there has its own name, also where that looks like a pattern: only what follows it is one. */
async function patternOf(source: string): Promise<string> {
  let folder = dirname(source);
  while (folder !== dirname(folder) && !(await stat(folder).catch(() => null))) folder = dirname(folder);
  return asPattern(folder) + source.slice(folder.length);
}

async function describeFile(path: string, name: string): Promise<SourceFile> {
  const kind = ENDINGS.find(([ending]) => ending.test(path))?.[1];
  if (kind === undefined) {
    throw new OrdersSourceError('ORDERS_FILE_KIND', `${path} is of a kind that is not known.`, {
      remedy: 'Give a .csv, .csv.gz, .tsv, .ndjson, .ndjson.gz, .jsonl or .parquet file.',
      values: { path },
    });
  }
  const { size } = await stat(path);
  if (size === 0) throw emptyFile(path);
  const isGzipped = path.toLowerCase().endsWith('.gz');
  await (kind === 'parquet' ? assertParquet(path) : isGzipped ? assertGzipMagic(path) : undefined);
  return { path, name, kind, isGzipped, bytes: size };
}

/** The error for a file without content. */
export function emptyFile(path: string): OrdersSourceError {
  return new OrdersSourceError('ORDERS_FILE_EMPTY', `${path} is empty.`, {
    remedy: 'Export the orders again, or take the file out of data.orders.',
    values: { path },
  });
}

async function readEnds(path: string, length: number): Promise<{ head: Buffer; tail: Buffer }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(length, size));
    const tail = Buffer.alloc(Math.min(length, size));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, size - tail.length);
    return { head, tail };
  } finally {
    await file.close();
  }
}

async function assertParquet(path: string): Promise<void> {
  const { head, tail } = await readEnds(path, 4);
  if (head.toString('latin1') === 'PAR1' && tail.toString('latin1') === 'PAR1') return;
  throw new OrdersSourceError(
    'ORDERS_FILE_DAMAGED',
    `${path} is no whole Parquet file: its first or last four bytes are not PAR1.`,
    {
      remedy: 'Copy it again from where it was made.',
    },
  );
}

async function assertGzipMagic(path: string): Promise<void> {
  const { head } = await readEnds(path, 2);
  if (head[0] === 0x1f && head[1] === 0x8b) return;
  throw new OrdersSourceError('ORDERS_FILE_DAMAGED', `${path} ends in .gz but is not gzip.`, {
    remedy: 'Rename it without .gz if it is plain text, or compress it.',
  });
}

/**
 * Reads a gzip file to its end and checks its checksum, because a file cut at the end of a line would otherwise
 * pass for a shorter shop. Runs on zlib's own threads. Throws OrdersSourceError.
 */
export async function assertGzipWhole(file: SourceFile): Promise<void> {
  const drain = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(
      createReadStream(file.path, { highWaterMark: 1 << 20 }),
      createGunzip({ chunkSize: 1 << 20 }),
      drain,
    );
  } catch (cause) {
    throw new OrdersSourceError(
      'ORDERS_FILE_CUT_SHORT',
      `${file.path} is cut short or damaged: ${(cause as Error).message}.`,
      {
        remedy: 'Copy it again from where it was made; nothing was read from it.',
        cause,
      },
    );
  }
}
