/** The colours of every page by what they are for, on light paper. Charts are drawn with them. */
export const LIGHT = {
  paper: '#ffffff',
  ink: '#1b2733',
  faint: '#5f6b77',
  grid: '#e6eaee',
  edge: '#dfe4e9',
  link: '#1f5f86',
  /** Behind code and notes. */
  shade: '#f2f5f7',
  chosen: '#eaf3f8',
  alert: '#fdf0ec',
  good: '#2f7d4f',
  bad: '#a52f1b',
  decide: '#e3eff6',
  look: '#fbf0d9',
  looked: '#7a5205',
  mend: '#fbe6e1',
} as const;

/** The same for screens of people who asked for dark ones. */
export const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  paper: '#12171d',
  ink: '#e4e9ee',
  faint: '#9aa7b3',
  grid: '#2a333d',
  edge: '#36414d',
  link: '#7fc1e8',
  shade: '#1d252d',
  chosen: '#17303f',
  alert: '#3a211c',
  good: '#6cc08b',
  bad: '#f0917f',
  decide: '#17303f',
  look: '#3b2f12',
  looked: '#e8c16a',
  mend: '#43231d',
};

/** What charts are drawn with that has to change with the paper; the colours of series do for both. */
const OF_CHARTS = ['ink', 'faint', 'grid'] as const;

/** CSS: each colour as a custom property, the dark ones on screens that prefer them, and never in print. */
export const THEME_STYLE = `:root{color-scheme:light;${properties(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;${properties(DARK)}}
${OF_CHARTS.map((name) => `svg [fill="${LIGHT[name]}"]{fill:var(--${name})}svg [stroke="${LIGHT[name]}"]{stroke:var(--${name})}`).join('')}}
`;

function properties(theme: Readonly<Record<string, string>>): string {
  return Object.entries(theme)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
