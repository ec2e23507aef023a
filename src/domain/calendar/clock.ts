/** Where the time comes from. Everything that asks for "now" is given one, so that months can be replayed. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
}
