import { readCard } from '../../registry/modelCard.ts';
import { readRegistry } from '../../registry/registryState.ts';
import type { Api } from '../api.ts';
import { modelUrl } from '../modelUrl.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** One model: where it stands, and its whole card. */
export async function showModel({ params: { id } }: ApiRequest, { home }: Api): Promise<Answer> {
  const card = await readCard(home, id);
  const status = (await readRegistry(home)).statusOf(id);
  return { status: 200, body: { id, url: modelUrl(id), status, card } };
}
