import type { WindowPair } from '../../src/domain/calendar/windows.ts';
import { counted } from '../../src/domain/words/counted.ts';

/** A pair of windows of a search, with the folds that it can have. */
export interface PacedCell extends WindowPair {
  readonly folds: number;
}

/** How far a search is, in figures; cells that cannot have two folds count no folds. */
export interface SearchFigures {
  readonly cells_done: number;
  readonly cells: number;
  readonly folds_done: number;
  readonly folds: number;
  /** By the pace of this process; null before its first fold. */
  readonly seconds_left: number | null;
}

/** How far a search is. Cells that run side by side tell their folds to the same pace. */
export class SearchPace {
  readonly #searchId: string;
  readonly #cells: readonly PacedCell[];
  /** Folds done of each cell that was begun, by its windows. */
  readonly #done = new Map<string, number>();
  readonly #since = performance.now();
  #foldsSince = 0;

  private constructor(searchId: string, cells: readonly PacedCell[]) {
    this.#searchId = searchId;
    this.#cells = cells;
  }

  /** The search that this process works at; it does one at a time. */
  static #current: SearchPace | null = null;

  /** The pace of a search, of which `finished` cells are there already. */
  static of(searchId: string, cells: readonly PacedCell[], finished: readonly PacedCell[]): SearchPace {
    const current = SearchPace.#current;
    const pace =
      current !== null && current.#searchId === searchId ? current : new SearchPace(searchId, cells);
    SearchPace.#current = pace;
    for (const cell of finished) pace.#done.set(keyOf(cell), cell.folds);
    return pace;
  }

  /** Begins a cell, perhaps once more. */
  begin(windows: WindowPair): void {
    this.#done.set(keyOf(windows), 0);
  }

  /** Gives the share of the cell that is done, 0 to 1. */
  foldDone(windows: PacedCell): number {
    const done = (this.#done.get(keyOf(windows)) ?? 0) + 1;
    this.#done.set(keyOf(windows), done);
    this.#foldsSince++;
    return done / windows.folds;
  }

  get figures(): SearchFigures {
    const folds = this.#cells.reduce((sum, cell) => sum + cell.folds, 0);
    const done = this.#cells.reduce((sum, cell) => sum + (this.#done.get(keyOf(cell)) ?? 0), 0);
    const msPerFold = (performance.now() - this.#since) / this.#foldsSince;
    return {
      cells_done: this.#cells.filter((cell) => (this.#done.get(keyOf(cell)) ?? -1) >= cell.folds).length,
      cells: this.#cells.length,
      folds_done: done,
      folds,
      seconds_left: this.#foldsSince === 0 ? null : Math.ceil((msPerFold * (folds - done)) / 1000),
    };
  }

  /** `12 -> 6 months; 7 of 24 cells, 25 of 96 folds, about 4 s left`. */
  words({ historyMonths, predMonths }: WindowPair): string {
    const { cells_done, cells, folds_done, folds, seconds_left } = this.figures;
    const left = seconds_left === null ? '' : `, about ${duration(seconds_left)} left`;
    return `${historyMonths} -> ${counted(predMonths, 'month')}; ${cells_done} of ${counted(cells, 'cell')}, ${folds_done} of ${counted(folds, 'fold')}${left}`;
  }
}

function keyOf({ historyMonths, predMonths }: WindowPair): string {
  return `${historyMonths} ${predMonths}`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
