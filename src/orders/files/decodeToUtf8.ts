import { isAscii } from 'node:buffer';

/** Bytes that are invalid in their encoding become a byte that is invalid in UTF-8 too, so that the row is rejected. */
const NO_LETTER = Buffer.from([0xff]);
const REPLACEMENT = '\uFFFD';

/**
 * Text in another encoding as UTF-8, without a byte order mark. A character may begin in one part and end in the next.
 *
 * @param encoding as `textEncoding` names it.
 */
export async function* decodeToUtf8(
  parts: AsyncIterable<Buffer>,
  encoding: string,
): AsyncGenerator<Buffer, void, undefined> {
  if (encoding === 'windows-1252') {
    for await (const part of parts) yield fromWindows1252(part);
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const part of parts) yield encodeText(decoder.decode(part, { stream: true }));
  const rest = decoder.decode();
  if (rest !== '') yield encodeText(rest);
}

function encodeText(text: string): Buffer {
  if (!text.includes(REPLACEMENT)) return Buffer.from(text);
  const pieces = text.split(REPLACEMENT).flatMap((piece) => [NO_LETTER, Buffer.from(piece)]);
  return Buffer.concat(pieces.slice(1));
}

/** The characters of the bytes 0x80 to 0x9F, five of which are unused; from 0xA0 on they are the same as in Unicode. */
const WINDOWS_1252 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ';
/** For each byte from 0x80 on, the UTF-8 bytes of its character. */
const UTF_8 = Array.from({ length: 128 }, (_, i) =>
  encodeText(WINDOWS_1252[i] ?? String.fromCharCode(0x80 + i)),
);
const MOST_BYTES_OF_A_LETTER = 3;

/**
 * Decodes without TextDecoder: from Node 20.18.3 on, many releases read Windows-1252 as Latin-1, and so the euro sign
 * as a control character (nodejs/node#56542).
 */
function fromWindows1252(bytes: Buffer): Buffer {
  if (isAscii(bytes)) return bytes;
  const text = Buffer.allocUnsafe(bytes.length * MOST_BYTES_OF_A_LETTER);
  let length = 0;
  for (const byte of bytes) {
    if (byte < 0x80) text[length++] = byte;
    else for (const part of UTF_8[byte - 0x80]) text[length++] = part;
  }
  return text.subarray(0, length);
}
