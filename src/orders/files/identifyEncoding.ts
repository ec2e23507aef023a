import { OrdersSourceError } from '../errors.ts';
import { firstBytes } from './plainBytes.ts';
import type { SourceFile } from './sourceFile.ts';

/** The byte order marks that files may begin with, and the encoding that each shows; null is UTF-8. */
const MARKS: readonly (readonly [mark: readonly number[], encoding: string | null])[] = [
  [[0xef, 0xbb, 0xbf], null],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];
/** Enough for some letters of the first column's name. */
const LOOK_BYTES = 32;

/**
 * The file with the encoding of its text: that of the byte order mark that it begins with, else `named`; null is UTF-8.
 * Throws OrdersSourceError where UTF-16 was named and the file is not in UTF-16.
 */
export async function identifyEncoding(file: SourceFile, named: string | null): Promise<SourceFile> {
  if (file.kind === 'parquet') return file;
  // If the file cannot be read, whoever reads it next says why.
  const begin = await firstBytes(file, LOOK_BYTES).catch(() => Buffer.alloc(0));
  const marked = MARKS.find(([mark]) => mark.every((byte, i) => begin[i] === byte));
  if (marked !== undefined) return { ...file, encoding: marked[1] };
  const encoding = named === 'utf-8' ? null : named;
  // In UTF-16 every character between columns has a zero byte, and so has every Latin letter.
  if (encoding?.startsWith('utf-16') && begin.length > 0 && !begin.includes(0)) {
    throw new OrdersSourceError(
      'ORDERS_FILE_ENCODING',
      `${file.path} is not UTF-16 text, which data.encoding says it is.`,
      {
        remedy:
          'Set data.encoding in config/model_config.yaml to the encoding of the file, or to null if it is UTF-8.',
        values: { path: file.path, encoding },
      },
    );
  }
  return { ...file, encoding };
}
