/**
 * `work`'s result, or an error with `sentence` after `ms` without one; the work itself goes on unheeded. An answer that has
 * arrived counts, even if this thread was too busy to read it in time.
 */
export async function within<T>(ms: number, work: Promise<T>, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // What arrived while the thread was busy is read after timers, and before what is set immediate.
    timer = setTimeout(() => setImmediate(() => reject(new Error(sentence))), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
