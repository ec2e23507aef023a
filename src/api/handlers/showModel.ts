import { type ModelCard, readCard } from '../../registry/modelCard.ts';
import { readRegistry } from '../../registry/registryState.ts';
import type { Api } from '../api.ts';
import { modelUrl } from '../modelUrl.ts';
import type { Answer, ApiRequest } from '../route.ts';

/** One model: where it stands, its whole card, and where the report of its training is; null for a card without one. */
export async function showModel({ params: { id } }: ApiRequest, { home }: Api): Promise<Answer> {
  const card = await readCard(home, id);
  const status = (await readRegistry(home)).statusOf(id);
  return { status: 200, body: { id, url: modelUrl(id), status, report: reportUrls(card), card } };
}

function reportUrls({ model_id, report }: ModelCard): { html: string; csv: string } | null {
  const html = `${modelUrl(model_id)}/report`;
  return report === undefined ? null : { html, csv: `${html}.csv` };
}
