import { figure, signedPercent } from '../../domain/words/figures.ts';
import { THEME_STYLE } from './theme.ts';

const STYLE = `${THEME_STYLE}body{background:var(--paper);font:15px/1.5 system-ui,sans-serif;color:var(--ink);max-width:1120px;margin:32px auto;padding:0 20px}
h1{font-size:28px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 6px}h3{font-size:15px;margin:18px 0 2px}
p{margin:4px 0 12px;max-width:80ch}
.faint{color:var(--faint)}.tiles{display:flex;gap:14px;flex-wrap:wrap;margin:22px 0}
.tile{flex:1 1 120px;border:1px solid var(--edge);border-radius:8px;padding:12px 16px}
.tile b{display:block;font-size:24px}.tile span{color:var(--faint);font-size:13px}
svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:5px 8px;border-bottom:1px solid var(--grid);text-align:right;white-space:nowrap}th{white-space:normal;vertical-align:bottom}
th{color:var(--faint);font-weight:600}td:first-child,th:first-child,td.text,th.text{text-align:left}td.text{white-space:normal;min-width:22ch}
tr.alert td{background:var(--alert)}tr.chosen td{background:var(--chosen);font-weight:600}
figure{margin:0 0 8px}.pair{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:0 20px}
.narrow{display:none}.table{overflow-x:auto}.table+p{margin-top:12px}
@media screen and (max-width:1000px){.aside{white-space:nowrap}}
@media screen and (max-width:700px){body{margin:16px auto;padding:0 14px}h1{font-size:24px}h2{font-size:17px}
.wide{display:none}.narrow{display:block}}
@media print{.table{overflow:visible}body{margin:0;max-width:none}svg,table,.tiles,figure{break-inside:avoid}h2,h3{break-after:avoid}h2+p{break-after:avoid}
body{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;

/**
 * A whole page that needs nothing else: no script, no file from elsewhere.
 *
 * @param body HTML; the title is text. @param ownStyle CSS of this page beside that of every page.
 */
export function htmlPage(title: string, body: string, ownStyle = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}${ownStyle}</style></head><body>
${body}
</body></html>
`;
}

/** HTML as it stands, where text would be escaped. */
export interface Markup {
  readonly html: string;
}

/** One row of a table; `mark` is a class of its row. */
export interface TableRow {
  readonly cells: readonly (string | Markup)[];
  readonly mark?: 'alert' | 'chosen' | undefined;
}

/** A table of texts and markup. Headings that begin with a hyphen are those of text, which is aligned left, as the first column is. */
export function htmlTable(headings: readonly string[], rows: readonly TableRow[]): string {
  const isText = headings.map((heading) => heading.startsWith('-'));
  const cell = (tag: 'th' | 'td', content: string | Markup, i: number): string =>
    `<${tag}${isText[i] ? ' class="text"' : ''}>${typeof content === 'string' ? escaped(content) : content.html}</${tag}>`;
  const head = headings.map((heading, i) => cell('th', heading.replace(/^-/, ''), i)).join('');
  const body = rows.map(
    ({ cells, mark }) =>
      `<tr${mark ? ` class="${mark}"` : ''}>${cells.map((text, i) => cell('td', text, i)).join('')}</tr>`,
  );
  // What is too wide for a phone is moved sideways by itself, and not the page with it.
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A figure and what it is. */
export function htmlTile(value: string, name: string): string {
  return `<div class="tile"><b>${escaped(value)}</b><span>${escaped(name)}</span></div>`;
}

/** Text as it stands in HTML, in an attribute too. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Made once each: a page has hundreds of numbers, and to make a format takes longer than to use it. */
const PLAIN = new Intl.NumberFormat('en-GB');

/** `12,345`. */
export function count(value: number): string {
  return PLAIN.format(value);
}

/** A figure without a unit, to the thousandth: `−0.123`; a dash where it is not defined. */
export function figureOrDash(value: number | null): string {
  return value === null ? '–' : figure(value);
}

/** A relative difference with its sign: `+12.3 %`; a dash where it is not defined. */
export function signedOrDash(share: number | null): string {
  return share === null ? '–' : signedPercent(share);
}

/** A share in per cent: `12.3 %`; a dash where it is not defined. */
export function share(value: number | null): string {
  if (value === null) return '–';
  const percent = (value * 100).toFixed(1);
  return `${percent === '-0.0' ? '0.0' : percent.replace('-', '−')} %`;
}
