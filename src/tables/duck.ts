import { createRequire } from 'node:module';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBResult } from '@duckdb/node-api';
import { joinColumns } from '../domain/features/joinMatrices.ts';

/**
 * Loads the library when it is first needed, because most commands open no table. An import would take twice as long,
 * since Node would read each of the library's two hundred files once more to find the names that it exports.
 */
function loadLibrary(): typeof import('@duckdb/node-api') {
  return createRequire(import.meta.url)('@duckdb/node-api');
}

/**
 * A separate DuckDB in memory, with the few operations that this project needs. It works on DuckDB's own threads, not
 * on the event loop. Queries may be made at the same time: each waits for its turn, since a connection streams one
 * result at a time.
 */
export class Duck implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  /** Settles when the last query is answered; never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /**
   * @param options.threads how many threads a query may use.
   * @param options.spillFolder the folder for data that does not fit in memory.
   */
  static async open(options: { threads: number; spillFolder?: string }): Promise<Duck> {
    const settings: Record<string, string> = { threads: String(options.threads) };
    if (options.spillFolder !== undefined) settings.temp_directory = options.spillFolder;
    const instance = await loadLibrary().DuckDBInstance.create(':memory:', settings);
    const connection = await instance.connect();
    const duck = new Duck(instance, connection);
    await duck.run("SET TimeZone = 'UTC'");
    return duck;
  }

  async run(sql: string): Promise<void> {
    await this.#inTurn(() => this.#connection.run(sql));
  }

  /** The rows of a small result, as objects of plain JavaScript values. */
  async rows<T>(sql: string): Promise<T[]> {
    const reader = await this.#inTurn(() => this.#connection.runAndReadAll(sql));
    return reader.getRowObjectsJS() as T[];
  }

  /**
   * The rows of a result of any length, some at a time, as objects of plain JavaScript values. Other queries wait until
   * the last row was taken, or the taker stops.
   */
  async *slices<T>(sql: string): AsyncGenerator<T[]> {
    const earlier = this.#last;
    let end = (): void => undefined;
    this.#last = new Promise<void>((resolve) => {
      end = resolve;
    });
    try {
      await earlier;
      const result = await this.#connection.stream(sql);
      for await (const rows of result.yieldRowObjectJs()) yield rows as T[];
    } finally {
      end();
    }
  }

  /**
   * Streams a result of DOUBLE columns into `target`, column-major with `rows` rows; NULL becomes NaN.
   * `texts` says how many columns at the front are text; they come back as arrays of strings.
   * Throws RangeError where the result does not have exactly `rows` rows.
   */
  readColumns(sql: string, target: Float64Array, rows: number, texts = 0): Promise<string[][]> {
    return this.#inTurn(async () => {
      const result = await this.#connection.stream(sql);
      const strings: string[][] = Array.from({ length: texts }, () => []);
      const doubles = result.columnCount - texts;
      let row = 0;
      for await (const chunk of chunksOf(result)) {
        const count = chunk.rowCount;
        if (row + count > rows) throw new RangeError(`The query gave more than ${rows} rows.`);
        for (let t = 0; t < texts; t++) {
          const vector = chunk.getColumnVector(t);
          for (let i = 0; i < count; i++) strings[t].push(vector.getItem(i) as string);
        }
        for (let j = 0; j < doubles; j++) copyDoubles(chunk, texts + j, target, j * rows + row);
        row += count;
      }
      if (row !== rows) throw new RangeError(`The query gave ${row} rows, not ${rows}.`);
      return strings;
    });
  }

  /** A result of DOUBLE columns, of any length: one array a column, on shared buffers; NULL becomes NaN. */
  async readAll(sql: string): Promise<Float64Array[]> {
    const chunks = await this.#inTurn(async () => {
      const result = await this.#connection.stream(sql);
      const read: Float64Array[][] = Array.from({ length: result.columnCount }, () => []);
      for await (const chunk of chunksOf(result)) {
        read.forEach((column, j) => {
          const doubles = new Float64Array(chunk.rowCount);
          copyDoubles(chunk, j, doubles, 0);
          column.push(doubles);
        });
      }
      return read;
    });
    return chunks.map(joinColumns);
  }

  /** Closes the database after the queries made so far; later ones fail. */
  close(): void {
    this.#inTurn(async () => {
      this.#connection.closeSync();
      this.#instance.closeSync();
    });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Makes a query once all earlier ones are answered or have failed. */
  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.#last.then(ask);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

async function* chunksOf(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk> {
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  )
    yield chunk;
}

/** Copies a DOUBLE column of a chunk to `target` from index `at` on. */
function copyDoubles(chunk: DuckDBDataChunk, column: number, target: Float64Array, at: number): void {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof loadLibrary().DuckDBDoubleVector))
    throw new TypeError(`Column ${column} of the query is not DOUBLE.`);
  // Reading the length of a chunk is a call out of JavaScript, so it is done once.
  const rows = chunk.rowCount;
  for (let i = 0; i < rows; i++) target[at + i] = vector.getItem(i) ?? Number.NaN;
}
