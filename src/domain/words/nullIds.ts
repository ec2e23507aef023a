/**
 * How databases, Python, R and spreadsheets write a missing id. Compared with regard to case, because `Null` and `Nan`
 * are also names of people.
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
