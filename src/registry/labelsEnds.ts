import type { Home } from '../config/home.ts';
import type { IsoDate } from '../domain/calendar/dates.ts';
import { readCard } from './modelCard.ts';

/** The day after the last label that each of these models learned from; a model whose card cannot be read is left out. */
export async function labelsEnds(
  home: Home,
  modelIds: Iterable<string>,
): Promise<ReadonlyMap<string, IsoDate>> {
  const found = await Promise.all(
    [...new Set(modelIds)].map(async (id) => {
      const card = await readCard(home, id).catch(() => null);
      return card === null ? [] : [[id, card.training_window.end] as const];
    }),
  );
  return new Map(found.flat());
}
