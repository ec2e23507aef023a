/** The nodes and weights on [-1, 1] of Gauss-Legendre quadrature with five points (Abramowitz and Stegun 1964, table 25.4). */
const NODES = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
const WEIGHTS = [
  0.2369268850561891, 0.4786286704993665, 0.5688888888888889, 0.4786286704993665, 0.2369268850561891,
];

/** The places between `from` and `to` at which a smooth function is to be known, and what each counts in its integral. */
export function quadrature(
  from: number,
  to: number,
): readonly { readonly at: number; readonly weight: number }[] {
  const half = (to - from) / 2;
  return NODES.map((node, i) => ({ at: from + half * (1 + node), weight: half * WEIGHTS[i] }));
}
