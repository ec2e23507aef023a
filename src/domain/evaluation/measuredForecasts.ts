/** One forecast of what each customer spends in the measured months. */
export interface NamedForecast {
  /** Different from that of every other forecast of the same training. */
  readonly name: string;
  /** What it does, in a few words for people who read the report. */
  readonly description?: string;
  /** One number a customer, in currency. */
  readonly predicted: Float64Array;
  /** True for the one that the model goes into service with. */
  readonly isChosen: boolean;
}

/** Several forecasts of the same customers and months, none of which had seen those months, and what came true. */
export interface MeasuredForecasts {
  /** Net revenue of each customer in the measured months, in currency; every other array is in the same order. */
  readonly actual: Float64Array;
  /** Days from the first order in the history window to the cutoff. */
  readonly tenureDays: Float64Array;
  /** Orders in the history window. */
  readonly orders: Float64Array;
  readonly forecasts: readonly NamedForecast[];
}
