import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { recoverRegistry } from './deployChampion.ts';
import { cardPath, cardSha256, findCard, listModels, type ModelCard } from './modelCard.ts';
import { readRegistry } from './registryState.ts';

/** No model is in service yet. */
export class ChampionMissingError extends ClvError {}

/** The manifest names a model whose card is missing. */
export class ChampionCardMissingError extends ClvError {}

/** The card of the model in service is not the one that was signed off. */
export class ChampionCardChangedError extends ClvError {}

const ANOTHER_CHAMPION =
  'Restore the card from a backup, or put another model into service: clv rollback MODEL, or clv train and clv approve MODEL.';

/**
 * The card of the model in service, or null before the first. A change of champion that was interrupted is completed
 * first, so that nobody sees half of it. Throws ChampionCardMissingError, ChampionCardChangedError, CardDamagedError,
 * ManifestDamagedError, ApprovalsDamagedError.
 */
export async function findChampion(home: Home): Promise<ModelCard | null> {
  let state = await readRegistry(home);
  if (state.isTorn || state.pending !== null) {
    // If that is not possible (a full disk, a read-only folder), the last complete row still names the champion.
    await withRegistryLock(home, () => recoverRegistry(home)).catch(() => undefined);
    state = await readRegistry(home);
  }
  const { championId, manifest } = state;
  if (championId === null) return null;
  const card = await findCard(home, championId);
  const about = { remedy: ANOTHER_CHAMPION, values: { modelId: championId } };
  const path = cardPath(home, championId);
  if (card === null)
    throw new ChampionCardMissingError(
      'CHAMPION_CARD_MISSING',
      `The model in service is ${championId}, but its card ${path} is missing.`,
      about,
    );
  if ((await cardSha256(home, championId)) !== manifest.at(-1)?.row.card_sha256)
    throw new ChampionCardChangedError(
      'CHAMPION_CARD_CHANGED',
      `The card ${path} of the model in service was changed after its sign-off.`,
      about,
    );
  return card;
}

/** The card of the model in service. Throws ChampionMissingError, and what `findChampion` throws. */
export async function readChampion(home: Home): Promise<ModelCard> {
  const champion = await findChampion(home);
  if (champion !== null) return champion;
  const waiting = await newestCandidate(home);
  throw new ChampionMissingError(
    'CHAMPION_MISSING',
    `${home.root} has no champion: no model has been signed off in it.`,
    {
      remedy:
        waiting === null
          ? 'Train one first: clv train, then sign it off: clv approve MODEL --by NAME --note TEXT'
          : `Sign off the one that waits: clv approve ${waiting} --by NAME --note TEXT`,
    },
  );
}

/** The newest model that awaits its sign-off; null where none does. */
async function newestCandidate(home: Home): Promise<string | null> {
  const { statusOf } = await readRegistry(home);
  return (await listModels(home)).findLast((id) => statusOf(id) === 'candidate') ?? null;
}
