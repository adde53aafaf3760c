import type { Incident } from '../incident/state.ts';
import type { SlaClock } from './clock.ts';

/** The clock that somebody has to meet next: response, then resolution; null once resolved. */
export function pendingClock({ state, response, resolution }: Incident): SlaClock | null {
  switch (state) {
    case 'triggered':
      return response;
    case 'acknowledged':
      return resolution;
    case 'resolved':
      return null;
  }
}
