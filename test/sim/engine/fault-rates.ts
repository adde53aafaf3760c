/** How likely each fault is at each call of a port, while faults are on. */
export interface FaultRates {
  readonly killedBefore: number;
  readonly killedAfter: number;
  readonly answerLost: number;
  readonly throttled: number;
  readonly conflict: number;
  readonly slow: number;
}
