/** From here on the series below are exact to the last bits of a double; smaller arguments are moved up to it first. */
const ASYMPTOTIC_FROM = 10;

/**
 * ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41), after the recurrence Γ(x + 1) = x Γ(x) has moved
 * a small argument up. The relative error is below 1e-14; near the zeros at 1 and 2 the absolute error is of that
 * order.
 */
export function lnGamma(x: number): number {
  let shift = 1;
  let at = x;
  while (at < ASYMPTOTIC_FROM) {
    shift *= at;
    at++;
  }
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360)))));
  return (at - 0.5) * Math.log(at) - at + HALF_LN_TWO_PI + series - Math.log(shift);
}

const HALF_LN_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** The digamma function ψ(x) = d ln Γ(x) / dx for x > 0 (Abramowitz and Stegun 6.3.18, with the recurrence 6.3.5). */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < ASYMPTOTIC_FROM) {
    shift += 1 / at;
    at++;
  }
  const square = 1 / (at * at);
  const series =
    square *
    (1 / 12 -
      square *
        (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - (square * 691) / 32760)))));
  return Math.log(at) - 0.5 / at - series - shift;
}

/**
 * The trigamma function ψ'(x) = d² ln Γ(x) / dx² for x > 0 (Abramowitz and Stegun 6.4.12, with the recurrence 6.4.6).
 */
export function trigamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < ASYMPTOTIC_FROM) {
    shift += 1 / (at * at);
    at++;
  }
  const square = 1 / (at * at);
  const series =
    square *
    (1 / 6 -
      square * (1 / 30 - square * (1 / 42 - square * (1 / 30 - square * (5 / 66 - (square * 691) / 2730)))));
  return shift + (1 + 0.5 / at + series) / at;
}
