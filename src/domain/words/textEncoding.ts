/**
 * The standard name (WHATWG) of a text encoding, given any of the names in use for it: `Latin-1`, `cp1252` and
 * `ISO_8859-1` are all `windows-1252`, `UTF16` is `utf-16le`. Null for an unknown name.
 */
export function textEncoding(name: string): string | null {
  const word = name.trim().toLowerCase();
  const unicode = /^utf[-_ ]?(8|16)[-_ ]?(le|be|sig|bom)?$/.exec(word);
  const order = unicode?.[1] === '16' && unicode[2]?.endsWith('e') ? unicode[2] : '';
  const written = unicode
    ? [`utf-${unicode[1]}${order}`]
    : [word, word.replace(/[_ ]/g, '-'), word.replace(/[-_ ]/g, '')];
  for (const candidate of written) {
    try {
      return new TextDecoder(candidate).encoding;
    } catch {
      // Not known under this spelling; try the next.
    }
  }
  return null;
}
