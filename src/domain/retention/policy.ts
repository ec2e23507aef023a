import { addMonths, type IsoDate } from '../calendar/dates.ts';
import { counted } from '../words/counted.ts';
import { type KnownFile, recogniseFile } from './knownFile.ts';

/** How long files are kept, in months. */
export interface RetentionRules {
  /** Binaries, from the day that the model was trained or left service, whichever is later. */
  readonly binaries: number;
  /** Files of a run, from the end of its prediction window; they are archived, not deleted. */
  readonly predictions: number;
  /** Monitoring files, alerts, and the reports of retention itself. */
  readonly monitoring: number;
  readonly rejects: number;
}

/** What the ledgers and files say now. */
export interface RetentionFacts {
  readonly today: IsoDate;
  /** Null before the first champion. */
  readonly championId: string | null;
  /** For each model with a card, the day that it was trained or, later, left service. */
  readonly lastNeeded: ReadonlyMap<string, IsoDate>;
  /** The runs (`20240831_pred6m`) whose actual revenue was merged, and whose files prove it. */
  readonly labelledRuns: ReadonlySet<string>;
  /** The latest search that was approved; null for none. */
  readonly approvedSearchId: string | null;
  /** Searches that wait for a decision, and the one that the champion comes from. */
  readonly neededSearchIds: ReadonlySet<string>;
}

/** What happens to a file, and why. `refuse`: the file is unknown, or its time has passed, but it has to stay. */
export interface Verdict {
  readonly action: 'keep' | 'delete' | 'archive' | 'refuse';
  readonly why: string;
}

const keep = (why: string): Verdict => ({ action: 'keep', why });
const refuse = (why: string): Verdict => ({ action: 'refuse', why });

/**
 * Decides about one file by its name and the facts. The champion's binary, records, predictions whose actual revenue
 * was not merged, and unknown files always stay.
 *
 * @param path relative to the home, with slashes.
 */
export function judgeFile(path: string, facts: RetentionFacts, rules: RetentionRules): Verdict {
  const file = recogniseFile(path);
  if (file === null) return refuse('not a file that this program makes');
  switch (file.kind) {
    case 'record':
      return keep('a record: this program never deletes it');
    case 'binary':
      return judgeBinary(file.modelId, facts, rules);
    case 'run':
      return judgeRun(file, facts, rules);
    case 'search':
      return judgeSearch(file.searchId, facts);
    case 'rejects':
      return judgeAge(file.since, rules.rejects, facts);
    default:
      return judgeAge(file.since, rules.monitoring, facts);
  }
}

/** Whether the time of something that is kept for `months` from `since` on has passed. */
export function isPast(since: IsoDate, months: number, today: IsoDate): boolean {
  return addMonths(since, months) <= today;
}

function judgeAge(since: IsoDate, months: number, { today }: RetentionFacts): Verdict {
  const until = addMonths(since, months);
  return isPast(since, months, today)
    ? { action: 'delete', why: `of ${since}, kept for ${counted(months, 'month')}` }
    : keep(`kept until ${until}`);
}

function judgeBinary(modelId: string, facts: RetentionFacts, { binaries }: RetentionRules): Verdict {
  const since = facts.lastNeeded.get(modelId);
  if (since === undefined) return refuse('it has no card that can be read: a training may be writing it');
  if (!isPast(since, binaries, facts.today)) return keep(`kept until ${addMonths(since, binaries)}`);
  if (modelId === facts.championId) return refuse('the champion is in service');
  return {
    action: 'delete',
    why: `last needed on ${since}, kept for ${counted(binaries, 'month')}; clv reproduce ${modelId} makes it again`,
  };
}

function judgeRun(
  { run, windowEnd }: Extract<KnownFile, { kind: 'run' }>,
  { today, labelledRuns }: RetentionFacts,
  { predictions }: RetentionRules,
): Verdict {
  if (!isPast(windowEnd, predictions, today)) return keep(`kept until ${addMonths(windowEnd, predictions)}`);
  return labelledRuns.has(run)
    ? {
        action: 'archive',
        why: `matured on ${windowEnd}, kept for ${counted(predictions, 'month')} after it`,
      }
    : refuse(`matured on ${windowEnd}, but its actual revenue is not merged`);
}

function judgeSearch(searchId: string, facts: RetentionFacts): Verdict {
  const { approvedSearchId, neededSearchIds } = facts;
  // An id contains the time at which the search was asked for, so ids sort by time.
  if (approvedSearchId === null || searchId >= approvedSearchId)
    return keep('kept until a later search is approved');
  if (neededSearchIds.has(searchId))
    return refuse('it waits for a decision, or the champion in service comes from it');
  return { action: 'delete', why: `superseded by ${approvedSearchId}, which was approved` };
}
