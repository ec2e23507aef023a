import { isAscii } from 'node:buffer';
import { OrdersSourceError } from '../errors.ts';

/**
 * Encodings in which valid text can, by chance, be valid UTF-8 as well. In others that hardly happens to a whole file.
 */
const OF_SEVERAL_BYTES = /^(utf-16|gb|big5|euc|shift|iso-2022)/;

/**
 * Passes on the bytes of a file whose encoding the config names. Throws OrdersSourceError at the end where they are
 * UTF-8 after all: read in the named encoding, ids would be garbled, and a customer might have two of them.
 */
export async function* demandNoUtf8(
  parts: AsyncIterable<Buffer>,
  path: string,
  encoding: string,
): AsyncGenerator<Buffer, void, undefined> {
  if (OF_SEVERAL_BYTES.test(encoding)) return yield* parts;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  let hasLetters = false;
  for await (const part of parts) {
    if (isUtf8 && (hasLetters || !isAscii(part))) {
      hasLetters = true;
      isUtf8 = decodes(() => decoder.decode(part, { stream: true }));
    }
    yield part;
  }
  if (!isUtf8 || !hasLetters || !decodes(() => decoder.decode())) return;
  throw new OrdersSourceError(
    'ORDERS_FILE_ENCODING',
    `${path} is UTF-8 text, and data.encoding says that it is ${encoding}: its letters would be read wrong.`,
    {
      remedy:
        'Set data.encoding in config/model_config.yaml to null if all files are UTF-8, or save them in one encoding.',
      values: { path, encoding },
    },
  );
}

function decodes(work: () => string): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
