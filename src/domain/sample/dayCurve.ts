/**
 * A non-negative weight for each day, as an operational time: `cumulative[d]` is the sum of the weights before
 * day `d`, so a process of constant rate in operational time has the wanted rate on every day (the time change
 * of Çınlar 1975, "Introduction to Stochastic Processes", chapter 4).
 */
export class DayCurve {
  /** Days + 1 entries, never falling, from 0 to the total weight. */
  readonly cumulative: Float64Array;
  /** For equal steps of operational time, the day on which each step begins, from which a search can start. */
  readonly #startingDays: Int32Array;
  readonly #stepsPerUnit: number;

  /** @param weights one a day, each at least 0, at least one above 0. */
  constructor(weights: Float64Array) {
    const days = weights.length;
    this.cumulative = new Float64Array(days + 1);
    for (let day = 0; day < days; day++) this.cumulative[day + 1] = this.cumulative[day]! + weights[day]!;
    this.#stepsPerUnit = days / this.total;
    this.#startingDays = new Int32Array(days + 1);
    let day = 0;
    for (let step = 0; step <= days; step++) {
      while (day < days - 1 && this.cumulative[day + 1]! * this.#stepsPerUnit <= step) day++;
      this.#startingDays[step] = day;
    }
  }

  /** The sum of all weights. */
  get total(): number {
    return this.cumulative[this.cumulative.length - 1]!;
  }

  /** The weight of day `day`. */
  weightOf(day: number): number {
    return this.cumulative[day + 1]! - this.cumulative[day]!;
  }

  /**
   * The day that contains this moment: `cumulative[day] <= moment < cumulative[day + 1]`.
   * @param moment in [0, total).
   */
  dayOf(moment: number): number {
    let day = this.#startingDays[Math.floor(moment * this.#stepsPerUnit)]!;
    // The step may lie a rounding error beyond the moment.
    while (day > 0 && this.cumulative[day]! > moment) day--;
    while (this.cumulative[day + 1]! <= moment) day++;
    return day;
  }
}
