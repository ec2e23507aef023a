import { isAbsolute, resolve } from 'node:path';
import type { ModelConfig } from '../../src/config/schema.ts';
import { dateInZone } from '../../src/domain/calendar/dates.ts';
import type { SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import { sourceSignature } from '../../src/orders/files/sourceSignature.ts';
import type { WorkContext } from '../processor.ts';
import { SearchShop } from './searchShop.ts';

/** A shop that no cell has used for this long is let go. */
const IDLE_MS = 5 * 60_000;

/** A shop that was read, and who works with it. */
interface OpenShop {
  readonly key: string;
  readonly shop: Promise<SearchShop>;
  /** Cells that work with it; it is closed when there are none. */
  users: number;
  isLetGo: boolean;
  idle: NodeJS.Timeout | undefined;
}

/** One a home: the shop of the search whose cell began last. */
const openShops = new Map<string, OpenShop>();

/**
 * Gives `use` the shop of a search, read now or by a cell before in this process; it stays open for as long as somebody
 * uses it. Orders that have changed since are read anew. Throws what reading orders throws.
 */
export async function withSearchShop<T>(
  context: Pick<WorkContext, 'home' | 'clock' | 'pool'>,
  config: ModelConfig,
  settings: SearchSettings,
  orders: string | null,
  use: (shop: SearchShop) => Promise<T>,
): Promise<T> {
  const { root } = context.home;
  const key = await keyOf(context, config, settings, orders);
  let open = openShops.get(root);
  if (open?.key !== key) {
    forgetSearchShop(root);
    const shop = SearchShop.read(context, config, settings, orders);
    const opened: OpenShop = { key, shop, users: 0, isLetGo: false, idle: undefined };
    open = opened;
    openShops.set(root, opened);
    shop.catch(() => openShops.get(root) === opened && openShops.delete(root));
  }
  clearTimeout(open.idle);
  open.users++;
  try {
    return await use(await open.shop);
  } finally {
    open.users--;
    if (open.isLetGo) closeUnused(open);
    else if (open.users === 0) open.idle = setTimeout(() => forgetSearchShop(root), IDLE_MS).unref();
  }
}

/** What a shop that was read is known by: its orders, and all of the config and the search that reading them depends on. */
async function keyOf(
  { home, clock }: Pick<WorkContext, 'home' | 'clock'>,
  config: ModelConfig,
  settings: SearchSettings,
  orders: string | null,
): Promise<string> {
  const source = orders ?? config.data.orders;
  const path = source === null || isAbsolute(source) ? source : resolve(home.root, source);
  return JSON.stringify([
    [path, path === null ? null : await sourceSignature(path, home.root)],
    [config.data, config.general, config.eligibility],
    [settings.historyMonths, settings.predMonths],
    dateInZone(clock.now(), config.general.timezone),
  ]);
}

/** Lets the orders of a home go, once a search is finished; cells that still work with them keep them until they end. */
export function forgetSearchShop(homeRoot: string): void {
  const open = openShops.get(homeRoot);
  if (open === undefined) return;
  openShops.delete(homeRoot);
  clearTimeout(open.idle);
  open.isLetGo = true;
  closeUnused(open);
}

function closeUnused({ users, shop }: OpenShop): void {
  if (users > 0) return;
  shop.then(
    (it) => it.close(),
    () => undefined,
  );
}
