/** What a named person adds to a command that is kept in a ledger. */
export const SIGNED = '--by NAME --note TEXT';

/** A word of a command as a shell takes it for one and does not run any of it: people copy commands. */
export function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
