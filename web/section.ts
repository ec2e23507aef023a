import { escaped, htmlTable, type Markup } from '../src/artefacts/pages/htmlPage.ts';
import type { Part, Trouble } from './dashboardFacts.ts';

/** A section of the page under its heading. @param body HTML; the heading is text. */
export function section(id: string, heading: string, body: string): string {
  return `<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${escaped(heading)}</h2>\n${body}\n</section>`;
}

/** What a part shows, or a sentence that says why it cannot be shown. */
export function shown<T>({ facts, trouble }: Part<T>, show: (facts: T) => string): string {
  return trouble === null ? show(facts) : troubleHtml(trouble);
}

/** What is wrong, and what to do about it. */
export function troubleHtml({ says, remedy }: Trouble): string {
  return `<p class="trouble">${escaped(remedy === null ? says : `${says} ${remedy}`)}</p>`;
}

/** A sentence in place of what is not there yet. */
export function nothing(sentence: string): string {
  return `<p class="nothing">${escaped(sentence)}</p>`;
}

/** A table that scrolls within itself where the page is narrow, by keyboard too. @param name what screen readers call it. */
export function wideTable(name: string, ...table: Parameters<typeof htmlTable>): string {
  return `<div class="scroll" role="region" aria-label="${escaped(name)}" tabindex="0">${htmlTable(...table)}</div>`;
}

/** A link, with its text escaped. */
export function link(href: string, text: string): Markup {
  return { html: `<a href="${escaped(href)}">${escaped(text)}</a>` };
}

/** The name of a file, a key or a command, as it is typed. */
export function code(text: string): Markup {
  return { html: `<code>${escaped(text)}</code>` };
}
