import type { DashboardFacts } from '../dashboardFacts.ts';
import type { AttentionItem } from './attentionItem.ts';
import { toDecide } from './toDecide.ts';
import { toLookInto } from './toLookInto.ts';
import { toMend } from './toMend.ts';

/** Everything that needs a person: what is broken first, then what failed, then what is to be decided. */
export function attentionOf(facts: DashboardFacts): AttentionItem[] {
  return [...toMend(facts), ...toLookInto(facts), ...toDecide(facts)];
}
