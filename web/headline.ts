import { count, escaped } from '../src/artefacts/pages/htmlPage.ts';
import { attentionOf } from './attention/attention.ts';
import type { AttentionItem } from './attention/attentionItem.ts';
import type { DashboardFacts } from './dashboardFacts.ts';
import { firstSteps } from './firstSteps.ts';
import { agoOf, dayOf, type PageTime } from './pageTime.ts';
import { link } from './section.ts';

const TAGS = { decide: 'Decide', look: 'Look into', mend: 'Mend' };

/** Whether all is well, in a sentence, and what needs a person. */
export function headline(facts: DashboardFacts, time: PageTime): string {
  const items = attentionOf(facts);
  const steps = firstSteps(facts);
  const state = items.length > 0 ? 'busy' : steps === null ? 'well' : 'new';
  return `<section class="headline ${state}" aria-label="What needs a person">
<p class="verdict">${escaped(verdict(items, steps !== null))}</p>
${items.length === 0 ? '' : `<ul class="items">${items.map((item) => itemHtml(item, time)).join('\n')}</ul>`}
${steps ?? ''}
</section>`;
}

function verdict(items: readonly AttentionItem[], isNew: boolean): string {
  const things = items.reduce((sum, item) => sum + item.count, 0);
  if (things > 1) return `${count(things)} things need a person.`;
  if (things === 1) return 'One thing needs a person.';
  return isNew
    ? 'Nothing is wrong, and there is no forecast yet.'
    : 'All is well. Nothing waits for a person.';
}

function itemHtml(
  { kind, what, why, sinceMs, commands, link: where }: AttentionItem,
  time: PageTime,
): string {
  const since =
    sinceMs === null
      ? ''
      : `<span class="since">${escaped(`${agoOf(sinceMs, time)}, ${dayOf(sinceMs, time)}`)}</span>`;
  const settle = [
    ...commands.map(commandHtml),
    ...(where === null ? [] : [link(where.href, where.text).html]),
  ];
  return `<li class="${kind}"><p><span class="tag">${TAGS[kind]}</span> <b>${escaped(what)}</b> ${since}</p>
${why === '' ? '' : `<p class="why">${escaped(why)}</p>`}${settle.length === 0 ? '' : `<p class="settle">${settle.join(' ')}</p>`}</li>`;
}

/** Lines of a narrow page break between the words of a command, and not at the hyphens of its options. */
function commandHtml(command: string): string {
  const words = command.split(' ').map((word) => `<span>${escaped(word)}</span>`);
  return `<code class="command">${words.join(' ')}</code>`;
}
