import { counted } from '../../src/domain/words/counted.ts';
import type { DashboardFacts } from '../dashboardFacts.ts';
import { type AttentionItem, shortened } from './attentionItem.ts';
import { SIGNED, shellWord } from './commandWords.ts';

/** What a named person is to decide on. */
export function toDecide(facts: DashboardFacts): AttentionItem[] {
  return [...candidates(facts), ...searches(facts), ...requests(facts)];
}

function candidates({ models }: DashboardFacts): AttentionItem[] {
  const champion = models.facts?.champion ?? null;
  const items = (models.facts?.candidates.facts ?? []).map(
    ({ id, trainedMs, historyMonths, predMonths, hasReport, losesTo }): AttentionItem => {
      const hasLost = losesTo.length > 0;
      const word = shellWord(id);
      return {
        kind: 'decide',
        count: 1,
        what: `Candidate ${id} awaits sign-off`,
        why: `${counted(historyMonths, 'month')} of history, ${predMonths} ahead.${hasLost ? ` It lost to ${losesTo.join(' and ')} beyond chance, so approving it takes a reason.` : ''}`,
        sinceMs: trainedMs,
        commands: [
          ...(champion === null ? [] : [`clv compare ${word} ${shellWord(champion.id)}`]),
          `clv approve ${word} ${SIGNED}${hasLost ? ' --override REASON' : ''}`,
          `clv approve ${word} --reject ${SIGNED}`,
        ],
        link: hasReport
          ? { href: `/api/models/${encodeURIComponent(id)}/report`, text: 'Training report' }
          : null,
      };
    },
  );
  return shortened(items, 'candidates await sign-off', `clv approve MODEL --reject ${SIGNED}`);
}

function searches({ decisions }: DashboardFacts): AttentionItem[] {
  return (decisions.facts?.searches ?? []).map((it) => ({
    kind: 'decide',
    count: 1,
    what: `Search ${it.id} awaits approval`,
    why: `It proposes ${counted(it.historyMonths, 'month')} of history, ${it.predMonths} ahead${it.isTieWithinNoise ? '; its lead over the next window may be chance' : ''}.${it.requestedBy === '' ? '' : ` Asked for by ${it.requestedBy}.`}`,
    sinceMs: it.requestedMs,
    commands: [
      `clv approve ${shellWord(it.id)} ${SIGNED}`,
      `clv approve ${shellWord(it.id)} --reject ${SIGNED}`,
    ],
    link: { href: `/api/grid-searches/${encodeURIComponent(it.id)}`, text: 'Its figures' },
  }));
}

function requests({ decisions }: DashboardFacts): AttentionItem[] {
  const items = (decisions.facts?.requests ?? []).map(
    ({ id, openedMs, reason }): AttentionItem => ({
      kind: 'decide',
      count: 1,
      what: `Request ${id}`,
      why: reason,
      sinceMs: openedMs,
      commands: [
        `clv grid-search --request ${shellWord(id)} ${SIGNED}`,
        `clv requests ${shellWord(id)} --dismiss ${SIGNED}`,
      ],
      link: null,
    }),
  );
  return shortened(items, 'requests are open', 'clv requests');
}
