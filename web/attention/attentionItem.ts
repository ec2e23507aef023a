/** Something that needs a person; texts, not HTML. */
export interface AttentionItem {
  /** `decide`: a gate or a request. `look`: forecasts or jobs went wrong. `mend`: something is broken or missing. */
  readonly kind: 'decide' | 'look' | 'mend';
  readonly what: string;
  readonly why: string;
  /** How many things it stands for. */
  readonly count: number;
  /** Since when, in ms since 1970 UTC; null where that is not known. */
  readonly sinceMs: number | null;
  /** Commands, one of which settles it. */
  readonly commands: readonly string[];
  /** Where it is shown or settled. */
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** Of one kind so many are listed; the others are counted. */
const LISTED = 3;

/** The first items, and how many there are beside them. */
export function shortened(items: readonly AttentionItem[], noun: string, command: string): AttentionItem[] {
  const more = items.length - LISTED;
  if (more <= 0) return [...items];
  return [
    ...items.slice(0, LISTED),
    {
      kind: items[0].kind,
      count: more,
      what: `${more} more ${noun}`,
      why: '',
      sinceMs: null,
      commands: [command],
      link: null,
    },
  ];
}
