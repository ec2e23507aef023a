import type { WindowPair } from '../../src/domain/gridsearch/folds.ts';

/** When this process began with a search, and how many folds it has done of it since. */
let measured = { searchId: '', since: 0, folds: 0 };

/** How far a search is, in words. */
export class SearchPace {
  /** Folds done of the cell at work. */
  foldsOfCell = 0;
  readonly #cells: number;
  readonly #cellsDone: number;
  readonly #folds: number;
  readonly #foldsDone: number;

  private constructor(cells: readonly { readonly folds: number; readonly isDone: boolean }[]) {
    const done = cells.filter((cell) => cell.isDone);
    this.#cells = cells.length;
    this.#cellsDone = done.length;
    this.#folds = cells.reduce((sum, cell) => sum + cell.folds, 0);
    this.#foldsDone = done.reduce((sum, cell) => sum + cell.folds, 0);
  }

  /** @param cells every pair of windows of the search, with the folds that it can have. */
  static of(
    searchId: string,
    cells: readonly { readonly folds: number; readonly isDone: boolean }[],
  ): SearchPace {
    if (measured.searchId !== searchId) measured = { searchId, since: performance.now(), folds: 0 };
    return new SearchPace(cells);
  }

  foldDone(): void {
    this.foldsOfCell++;
    measured.folds++;
  }

  /** `12 -> 6 months; 7 of 24 cells, 25 of 96 folds, about 4 s left`. */
  words({ historyMonths, predMonths }: WindowPair, foldsOfCell: number): string {
    const foldsDone = this.#foldsDone + foldsOfCell;
    const left =
      measured.folds === 0
        ? ''
        : `, about ${duration(((performance.now() - measured.since) / measured.folds) * (this.#folds - foldsDone))} left`;
    return `${historyMonths} -> ${predMonths} months; ${this.#cellsDone} of ${this.#cells} cells, ${foldsDone} of ${this.#folds} folds${left}`;
  }
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
