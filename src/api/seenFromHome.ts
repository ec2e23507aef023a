import type { Home } from '../config/home.ts';

/**
 * A sentence for somebody who asks from elsewhere: files of the home are named by their path within it, and not by where
 * the home lies on this machine, which nobody else needs to know.
 */
export function seenFromHome(sentence: string, { root }: Pick<Home, 'root'>): string {
  // A home at the root of the file system would be found in every address.
  if (root === '/') return sentence;
  const literal = root.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&');
  const within = new RegExp(`(?<![\\w./-])${literal}/`, 'g');
  const itself = new RegExp(`(?<![\\w./-])${literal}(?![\\w/-])`, 'g');
  return sentence
    .replace(within, '')
    .replace(itself, (_root, at: number, whole: string) => nameAfter(whole.slice(0, at)));
}

/** What stands for the home itself: an argument of a command, or a word of a sentence, which may begin with it. */
function nameAfter(before: string): string {
  if (before.endsWith('--home ')) return 'DIR';
  return /(^|[.!?]\s|\n)$/.test(before) ? 'The home' : 'the home';
}
