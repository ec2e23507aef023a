import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../processIdentity.ts';
import { writePrivateFile } from './writePrivateFile.ts';

/** What a home remembers of its private server, so that the next program can find it. */
export interface ServerRecord {
  readonly process: ProcessIdentity;
  readonly port: number;
  /**
   * Made anew for every server that is no successor, so that the record of a server that is gone gives nothing away.
   */
  readonly password: string;
}

const fileOf = (folder: string) => join(folder, 'server.json');

/** The address of this server, with its password. */
export function urlOf(record: ServerRecord): string {
  return `redis://:${record.password}@127.0.0.1:${record.port}`;
}

/** The record in this folder; undefined if there is none or it cannot be read as one. */
export function readRecord(folder: string): ServerRecord | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const record = JSON.parse(text) as Partial<ServerRecord> | null;
    const isWhole =
      typeof record?.process?.pid === 'number' &&
      typeof record.process.startedAt === 'string' &&
      typeof record.port === 'number' &&
      typeof record.password === 'string';
    return isWhole ? (record as ServerRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record, whole or not at all, and readable by its owner only. Throws FileWriteError. */
export function writeRecord(folder: string, record: ServerRecord): void {
  const draft = `${fileOf(folder)}.tmp`;
  writePrivateFile(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, fileOf(folder));
}

/** Removes the record of a server that was stopped; one that is gone already is no error. */
export function removeRecord(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}
