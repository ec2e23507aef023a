/** Good to poor; even steps of lightness, readable to the colour-blind and in grey. */
const COLOURS = ['#0d3b66', '#2a6f97', '#61a5c2', '#a9d6e5', '#e3f1f6'].map(channelsOf);
const LIGHT = '#ffffff';
const DARK = '#07111a';

/** The colour of a place between the best (0) and the poorest (1), as `#rrggbb`. */
export function colourAt(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (COLOURS.length - 1);
  const below = Math.min(COLOURS.length - 2, Math.floor(at));
  const mixed = COLOURS[below].map((from, i) =>
    Math.round(from + (COLOURS[below + 1][i] - from) * (at - below)),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Black or white, whichever is easier to read on a colour. */
export function inkOn(colour: string): string {
  return contrast(colour, LIGHT) >= contrast(colour, DARK) ? LIGHT : DARK;
}

/** The contrast of two colours, 1 to 21, as the Web Content Accessibility Guidelines 2.1 define it. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance of sRGB, 0 to 1. */
function luminance(colour: string): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
