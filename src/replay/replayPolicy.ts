/** How a replay answers the gates in the place of people. */
export const REPLAY_POLICIES = ['search', 'keep'] as const;
/** What takes the place of people at the gates of a replay. */
export type ReplayPolicy = (typeof REPLAY_POLICIES)[number];

/** The rule in a sentence, for the report. */
export const POLICY_WORDS: Readonly<Record<ReplayPolicy, string>> = {
  search:
    'Policy: the first model is signed off on the day of the launch; each notice of sustained drift is turned into a grid search, whose proposed window is approved and whose candidate is signed off on the same day.',
  keep: 'Policy: the first model is signed off on the day of the launch and kept, whatever the notices say.',
};

/** What stands in the ledgers of a replay for a person's name and reason. */
export const REPLAY_SIGNATURE = {
  approver: 'Replay',
  note: 'Answered by the stated policy of a replay.',
  ticket: null,
} as const;
