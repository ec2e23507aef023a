import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { namesIn } from './namesIn.ts';

/**
 * The path `<stem>_<TS>.csv` in `folder`, of the first second from `nowMs` on that none has there: two files of one
 * second do not overwrite each other. Throws FolderUnreadableError.
 */
export async function unusedPath(folder: string, stem: string, nowMs: number): Promise<string> {
  const known = await namesIn(folder);
  for (let ms = nowMs; ; ms += 1000) {
    const name = `${stem}_${fileTimestamp(ms)}.csv`;
    if (!known.includes(name)) return `${folder}/${name}`;
  }
}
