import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { OrdersFacts } from '../../../web/dashboardFacts.ts';
import { namesIn } from '../../artefacts/files/namesIn.ts';
import type { Home } from '../../config/home.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { lastChangeMs } from '../../orders/files/sourceSignature.ts';
import { ordersPath } from '../../shop/ordersSource.ts';

/** What is known of the orders without reading them. Throws OrdersSourceError where the config names files that are not there. */
export async function ordersFacts(home: Home, config: ModelConfig): Promise<OrdersFacts> {
  const [changedMs, newestRejects] = await Promise.all([
    config.data.orders === null ? null : lastChangeMs(ordersPath(home, config, null)),
    findNewestRejects(home),
  ]);
  return { changedMs, newestRejects };
}

async function findNewestRejects({ root, quarantine }: Home): Promise<OrdersFacts['newestRejects']> {
  const names = (await namesIn(quarantine)).filter((name) => /^rejects_.*\.csv$/.test(name));
  // The names carry the time.
  const newest = names.sort().at(-1);
  if (newest === undefined) return null;
  const path = `${quarantine}/${newest}`;
  return { file: relative(root, path), writtenMs: (await stat(path)).mtimeMs };
}
