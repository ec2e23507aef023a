/** What is kept of answers at most; what was used longest ago goes first. */
const MOST_KEPT_BYTES = 512 * 2 ** 20;

/** Answers to questions that several cells ask: each is found once, and shared with who asks again meanwhile. */
export class SharedAnswers {
  readonly #kept = new Map<string, { readonly value: Promise<unknown>; bytes: number }>();
  #keptBytes = 0;

  /** The answer to one question. A question whose answer failed is asked anew. */
  one<T>(key: string, bytesOf: (value: T) => number, find: () => Promise<T>): Promise<T> {
    if (!this.#kept.has(key)) this.#keep(key, find(), bytesOf);
    return this.#use(key) as Promise<T>;
  }

  /** As `one`, of several things; what is not known yet is asked of `find` at once. */
  each<Thing, T>(
    things: readonly Thing[],
    keyOf: (thing: Thing) => string,
    bytesOf: (value: T) => number,
    find: (missing: Thing[]) => Promise<T[]>,
  ): Promise<T[]> {
    const keys = things.map(keyOf);
    const missing = things.filter((_, i) => keys.indexOf(keys[i]) === i && !this.#kept.has(keys[i]));
    if (missing.length > 0) {
      const batch = find(missing);
      missing.forEach((thing, i) => {
        this.#keep(
          keyOf(thing),
          batch.then((values) => values[i]),
          bytesOf,
        );
      });
    }
    return Promise.all(keys.map((key) => this.#use(key) as Promise<T>));
  }

  clear(): void {
    this.#kept.clear();
    this.#keptBytes = 0;
  }

  #use(key: string): Promise<unknown> | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    // A map keeps the order of insertion: put last, it is evicted last.
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  #keep<T>(key: string, value: Promise<T>, bytesOf: (value: T) => number): void {
    const entry = { value, bytes: 0 };
    this.#kept.set(key, entry);
    value.then(
      (result) => {
        if (this.#kept.get(key) !== entry) return;
        entry.bytes = bytesOf(result);
        this.#keptBytes += entry.bytes;
        this.#evict();
      },
      () => {
        if (this.#kept.get(key) === entry) this.#kept.delete(key);
      },
    );
  }

  #evict(): void {
    for (const [key, entry] of this.#kept) {
      if (this.#keptBytes <= MOST_KEPT_BYTES) return;
      if (entry.bytes === 0) continue;
      this.#kept.delete(key);
      this.#keptBytes -= entry.bytes;
    }
  }
}
