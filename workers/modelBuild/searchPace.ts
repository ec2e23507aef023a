import type { WindowPair } from '../../src/domain/gridsearch/folds.ts';

/** When this process began with a search, and how many folds it has done of it since. */
let measured = { searchId: '', since: 0, folds: 0 };

/** How far a search is, in figures; cells that cannot have two folds count no folds. */
export interface SearchFigures {
  readonly cells_done: number;
  readonly cells: number;
  readonly folds_done: number;
  readonly folds: number;
  readonly seconds_left: number | null;
}

/** How far a search is. */
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

  /** The same in figures. The time left goes by the pace of this process; null before its first fold. */
  get figures(): SearchFigures {
    const foldsDone = this.#foldsDone + this.foldsOfCell;
    const msLeft =
      measured.folds === 0
        ? null
        : ((performance.now() - measured.since) / measured.folds) * (this.#folds - foldsDone);
    return {
      cells_done: this.#cellsDone,
      cells: this.#cells,
      folds_done: foldsDone,
      folds: this.#folds,
      seconds_left: msLeft === null ? null : Math.ceil(msLeft / 1000),
    };
  }

  /** `12 -> 6 months; 7 of 24 cells, 25 of 96 folds, about 4 s left`. */
  words({ historyMonths, predMonths }: WindowPair): string {
    const { cells_done, cells, folds_done, folds, seconds_left } = this.figures;
    const left = seconds_left === null ? '' : `, about ${duration(seconds_left)} left`;
    return `${historyMonths} -> ${predMonths} months; ${cells_done} of ${cells} cells, ${folds_done} of ${folds} folds${left}`;
  }
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
