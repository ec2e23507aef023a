import type { BigIntStats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';

interface Known<Content> {
  readonly mark: string;
  readonly content: Promise<Content>;
}

/**
 * What files held when they were read, each read once for as long as it stays the same by inode, size, and times of change.
 * For questions that are asked every few seconds; whoever decides by a file reads it. What is given is shared: nobody may
 * change it.
 */
export class FileMemory<Content> {
  readonly #known = new Map<string, Known<Content>>();
  readonly #most: number;

  /** @param most how many files are known at a time; the one that was read first is forgotten first. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** What the file holds, or null where there is none. Throws what `read` throws; that is not remembered. */
  async recall(path: string, read: (path: string) => Promise<Content>): Promise<Content | null> {
    const mark = await markOf(path);
    if (mark === null) {
      this.#known.delete(path);
      return null;
    }
    return this.#recall(path, mark, () => read(path));
  }

  /**
   * The same of an open file, so that what is given is of this file even if another one takes its place meanwhile.
   *
   * @param name what the file, and what is read of it, is known by.
   */
  async recallOpen(name: string, file: FileHandle, read: () => Promise<Content>): Promise<Content> {
    return this.#recall(name, marked(await file.stat({ bigint: true })), read);
  }

  #recall(name: string, mark: string, read: () => Promise<Content>): Promise<Content> {
    const known = this.#known.get(name);
    if (known?.mark === mark) return known.content;
    // Looked at before it is read: a change meanwhile gives the next question another mark.
    const entry = { mark, content: read() };
    this.#known.delete(name);
    this.#known.set(name, entry);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value as string);
    entry.content.catch(() => {
      if (this.#known.get(name) === entry) this.#known.delete(name);
    });
    return entry.content;
  }
}

/** Null where there is no such file. */
async function markOf(path: string): Promise<string | null> {
  try {
    return marked(await stat(path, { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The time of the last change of the inode cannot be set back, that of the content can. */
function marked({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
