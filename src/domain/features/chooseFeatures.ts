import { ClvError } from '../errors.ts';
import { closestName } from '../words/closestName.ts';
import { FEATURE_GROUPS, FEATURES, type FeatureDeclaration } from './featureDeclarations.ts';

/** Thrown for a feature or group that this version does not know. */
export class FeatureUnknownError extends ClvError {}

/** The word that stands for every feature. */
export const ALL_FEATURES = 'all';

/** The features that a matrix is to hold at a cutoff. */
export interface FeatureRequest {
  /** Names of features, in the order of the columns. */
  readonly features: readonly string[];
  /** Months that are predicted from the cutoff, at least 1: they decide which season the seasonal features look at. */
  readonly predMonths: number;
}

/** The eleven features of every model, in the order of their columns. */
export const BASE_FEATURES: readonly string[] = FEATURES.filter(({ group }) => group === 'base').map(
  ({ name }) => name,
);

const WORDS: readonly string[] = [ALL_FEATURES, ...FEATURE_GROUPS, ...FEATURES.map(({ name }) => name)];

/**
 * The names of the features that a list of names and groups (or `all`) stands for: the base features, which belong to
 * every choice, then the others in the order of their declaration, each once. Throws FeatureUnknownError.
 */
export function chooseFeatures(words: readonly string[]): string[] {
  for (const word of words) if (!WORDS.includes(word)) throw unknown(word);
  const isChosen = ({ name, group }: FeatureDeclaration): boolean =>
    group === 'base' || words.includes(name) || words.includes(group) || words.includes(ALL_FEATURES);
  return FEATURES.filter(isChosen).map(({ name }) => name);
}

/** Whether a feature among these depends on the months that are predicted. */
export function looksAtSeason(names: readonly string[]): boolean {
  return FEATURES.some(({ name, group }) => group === 'season' && names.includes(name));
}

/** What is wrong with a word in a list of features, and which word may have been meant; null for a valid word. */
export function featureProblem(word: string): string | null {
  if (WORDS.includes(word)) return null;
  const closest = closestName(word, WORDS);
  const hint =
    closest === null ? `groups: ${[ALL_FEATURES, ...FEATURE_GROUPS].join(', ')}` : `did you mean ${closest}?`;
  return `is neither a feature nor a group of features (${hint})`;
}

/** The declarations of these features, in the same order. Throws FeatureUnknownError. */
export function declarationsOf(names: readonly string[]): FeatureDeclaration[] {
  return names.map((name) => {
    const found = FEATURES.find((feature) => feature.name === name);
    if (found === undefined) throw unknown(name);
    return found;
  });
}

function unknown(word: string): FeatureUnknownError {
  return new FeatureUnknownError('FEATURE_UNKNOWN', `"${word}" ${featureProblem(word) ?? 'is a group'}.`, {
    remedy:
      'docs/features.md lists them. A model that asks for it was trained by another version of the program.',
    values: { word },
  });
}
