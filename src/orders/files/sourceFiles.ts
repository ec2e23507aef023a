import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { OrdersSourceError } from '../errors.ts';
import { emptyFile } from './emptyFile.ts';
import { findGlobPaths, isGlob } from './globPaths.ts';
import { isLongLine, lineLengthAfter, lineTooLong } from './longLines.ts';
import type { SourceFile } from './sourceFile.ts';
import { isOfSystem, unreadableFile } from './unreadableFile.ts';

const ENDINGS: readonly [RegExp, SourceFile['kind']][] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(ndjson|jsonl)(\.gz)?$/i, 'ndjson'],
  [/\.parquet$/i, 'parquet'],
];

/**
 * The files that a path or glob names, in alphabetical order.
 * Throws OrdersSourceError where there is none, or one is empty, cannot be read, or has an unknown ending.
 */
export async function findSourceFiles(source: string): Promise<SourceFile[]> {
  const paths = await listPaths(source);
  if (paths.length === 0) {
    throw new OrdersSourceError('ORDERS_FILE_MISSING', `There is no orders file at ${source}.`, {
      remedy: `Set data.orders in config/model_config.yaml, or pass --orders FILE.${hintOn(source)}`,
      values: { source },
    });
  }
  const folder = commonFolder(paths);
  return Promise.all(paths.map((path) => describeFile(path, relative(folder, path))));
}

/** What may be wrong with a path at which there is nothing; with a blank before it. */
function hintOn(source: string): string {
  if (/(^|\/)[a-z][a-z0-9+.]+:\/+/i.test(source))
    return ' Orders are read from files: download what stands at the address first.';
  if (/(^|\/)~/.test(source)) return ' Write the whole path: ~ does not stand for a folder here.';
  return isGlob(source) ? ' Hidden files have to be named with the point that their names begin with.' : '';
}

async function listPaths(source: string): Promise<string[]> {
  const found = await stat(source).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw unreadableFile(source, cause);
  });
  if (found?.isDirectory()) {
    throw new OrdersSourceError('ORDERS_FILE_MISSING', `${source} is a folder, not a file of orders.`, {
      remedy: `Name the files in it with a glob, for example ${source}/*.csv.gz`,
    });
  }
  if (found) return [source];
  return isGlob(source) ? findGlobPaths(source) : [];
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  const isShared = (): boolean => paths.every((path) => !relative(folder, path).startsWith('../'));
  while (folder !== dirname(folder) && !isShared()) folder = dirname(folder);
  return folder;
}

async function describeFile(path: string, name: string): Promise<SourceFile> {
  const kind = ENDINGS.find(([ending]) => ending.test(path))?.[1];
  if (kind === undefined) {
    throw new OrdersSourceError(
      'ORDERS_FILE_KIND',
      `${path} is not a kind of file that orders are read from.`,
      {
        remedy: 'Give a .csv, .csv.gz, .tsv, .ndjson, .ndjson.gz, .jsonl or .parquet file.',
        values: { path },
      },
    );
  }
  const isGzipped = path.toLowerCase().endsWith('.gz');
  try {
    const { size } = await stat(path);
    if (size === 0) throw emptyFile(path);
    await (kind === 'parquet' ? assertParquet(path) : isGzipped ? assertGzipMagic(path) : undefined);
    return { path, name, kind, isGzipped, encoding: null, bytes: size };
  } catch (error) {
    throw isOfSystem(error) ? unreadableFile(path, error) : error;
  }
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
    `${path} is not a complete Parquet file: its first or last four bytes are not PAR1.`,
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
 * Reads a gzip file to its end and checks its checksum, because a file that was cut short at the end of a line would
 * otherwise go unnoticed; and checks that no line is too long. Runs on zlib's own threads. Throws OrdersSourceError.
 */
export async function assertGzipWhole(file: SourceFile): Promise<void> {
  let length = 0;
  let hasLongLine = false;
  const drain = new Writable({
    write(part: Buffer, _encoding, done) {
      length = lineLengthAfter(part, length);
      hasLongLine ||= isLongLine(length);
      done();
    },
  });
  try {
    await pipeline(
      createReadStream(file.path, { highWaterMark: 1 << 20 }),
      createGunzip({ chunkSize: 1 << 20 }),
      drain,
    );
  } catch (cause) {
    if (isOfSystem(cause)) throw unreadableFile(file.path, cause);
    throw new OrdersSourceError(
      'ORDERS_FILE_CUT_SHORT',
      `${file.path} is cut short or damaged: ${(cause as Error).message}.`,
      {
        remedy: 'Copy it again from where it was made; nothing was read from it.',
        cause,
      },
    );
  }
  if (hasLongLine) throw await lineTooLong(file);
}
