/** Below this many customers neither a fit nor a measurement says anything. */
export const LEAST_CUSTOMERS = 20;
