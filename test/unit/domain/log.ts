import type { Commit } from '../../../lib/domain/incident/event.ts';
import { digest, type Given } from './samples.ts';

/** The events as the log keeps them: those of one instant are one commit. */
export function commitsOf(given: Given): readonly Commit[] {
  const commits: Commit[] = [];
  given.forEach(([atMs, event], index) => {
    const last = commits.at(-1);
    if (last?.atMs === atMs) {
      commits[commits.length - 1] = { ...last, events: [...last.events, event] };
      return;
    }
    commits.push({
      tenant: 'acme',
      incidentId: 'abcde-1234567',
      firstSeq: index + 1,
      atMs,
      policyVersion: '0123456789ab',
      causeId: `cause ${index + 1}`,
      events: [event],
      previousHash: last?.hash ?? '',
      hash: digest(`commit ${index + 1}`),
    });
  });
  return commits;
}
