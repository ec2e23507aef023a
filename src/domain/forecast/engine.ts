/**
 * What fits a model. `tournament`: contenders compete and are stacked. The others fit that forest alone; the library
 * is for comparison on small shops.
 */
export const ENGINES = ['tournament', 'forest', 'ml-random-forest'] as const;
/** What a training fits. */
export type Engine = (typeof ENGINES)[number];
