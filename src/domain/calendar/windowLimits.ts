/** The longest history that a model may look at, in months. */
export const MOST_HISTORY_MONTHS = 120;

/** The longest time that a model may predict, in months. */
export const MOST_PRED_MONTHS = 60;
