/**
 * Who can decide figures alone, up to what is left without them: `Customer a, more than ten times as large as any other, can
 * decide these figures alone: without this customer`.
 *
 * @param customerIds of the outliers, at least one. @param figures what they can decide, such as `these figures`.
 */
export function decidedAlone(customerIds: readonly string[], figures: string): string {
  const [who, others, without] =
    customerIds.length === 1
      ? ['Customer', 'any other', 'this customer']
      : ['Customers', 'any who is not named here', 'them'];
  return `${who} ${customerIds.join(', ')}, more than ten times as large as ${others}, can decide ${figures} alone: without ${without}`;
}
