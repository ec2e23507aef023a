import { describe, expect, test } from 'vitest';
import { contrast } from '../../../src/artefacts/pages/heatMapColours.ts';
import { DARK, LIGHT, THEME_STYLE } from '../../../src/artefacts/pages/theme.ts';

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('on %s pages', (_, it) => {
  test.each([
    ['ink', it.ink, [it.paper, it.chosen, it.alert, it.shade]],
    ['faint text', it.faint, [it.paper, it.shade, it.alert]],
    ['links', it.link, [it.paper, it.chosen, it.decide]],
    ['what is good or bad', it.good, [it.paper]],
    ['trouble', it.bad, [it.alert, it.mend]],
    ['what to look into', it.looked, [it.look]],
  ])('%s can be read', (_name, text, papers) => {
    for (const paper of papers) expect(contrast(text, paper), `${text} on ${paper}`).toBeGreaterThan(4.5);
  });
});

test('dark colours are for screens only', () => {
  expect(THEME_STYLE.match(/@media[^{]*/g)).toEqual(['@media screen and (prefers-color-scheme:dark)']);
});
