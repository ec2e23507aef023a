/**
 * How databases, Python, R and spreadsheets write that there is no id, letter for letter: `Null` and `Nan`, which are names,
 * are not among them.
 */
export const NULL_IDS: readonly string[] = [
  'NULL',
  'null',
  '\\N',
  'NaN',
  'nan',
  'None',
  '<NA>',
  'NA',
  'N/A',
  '#N/A',
];
