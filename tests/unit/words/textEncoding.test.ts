import { expect, test } from 'vitest';
import { textEncoding } from '../../../src/domain/words/textEncoding.ts';

test.each([
  ['utf-8', ['UTF-8', 'utf8', 'utf_8', 'utf-8-sig', ' UTF8 ']],
  [
    'windows-1252',
    ['windows-1252', 'Windows 1252', 'cp1252', 'latin-1', 'Latin1', 'ISO-8859-1', 'ISO_8859-1'],
  ],
  ['utf-16le', ['utf-16', 'UTF16', 'utf_16_le', 'UTF-16LE', 'unicode']],
  ['utf-16be', ['utf-16be', 'utf16-be']],
  ['iso-8859-15', ['iso-8859-15', 'ISO 8859-15']],
  ['shift_jis', ['Shift_JIS', 'sjis']],
])('%s has the names %j', (encoding, names) => {
  expect(names.map(textEncoding)).toEqual(names.map(() => encoding));
});

test('a name that is none is not known', () => {
  expect(['', 'cp850', 'utf-32', 'excel'].map(textEncoding)).toEqual([null, null, null, null]);
});
