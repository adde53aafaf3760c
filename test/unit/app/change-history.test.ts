import { expect, test } from 'vitest';
import { healthyVersions } from '../../../lib/app/actions/change-history.ts';
import type { ChangeRecord } from '../../../lib/domain/action/rows.ts';
import { epochMs, minutes } from '../../../lib/domain/shared/time.ts';

const beganAtMs = epochMs(Date.parse('2026-05-12T03:00:00Z'));

const rollout = (
  version: string,
  minutesBefore: number,
  more: Partial<ChangeRecord> = {},
): ChangeRecord => ({
  tenant: 'acme',
  id: version,
  sourceId: 'github',
  kind: 'rollout',
  service: 'checkout',
  environment: null,
  title: `Deploy ${version}`,
  url: null,
  author: null,
  status: 'succeeded',
  atMs: epochMs(beganAtMs - minutes(minutesBefore)),
  versions: [version],
  previous: [],
  ...more,
});

test.each([
  { why: 'nothing is known of it', changes: [], healthy: [] },
  { why: 'there was only the suspect', changes: [rollout('v4', 5)], healthy: [] },
  {
    why: 'the feed names what ran before',
    changes: [rollout('v4', 5, { previous: ['v3'] })],
    healthy: ['v3'],
  },
  {
    why: 'earlier ones stayed for a while, the newest first',
    changes: [rollout('v4', 5), rollout('v3', 60), rollout('v2', 600)],
    healthy: ['v3', 'v2'],
  },
  {
    why: 'one was replaced within minutes',
    changes: [rollout('v4', 5), rollout('v3', 10), rollout('v2', 600)],
    healthy: ['v2'],
  },
  {
    why: 'one has failed',
    changes: [rollout('v4', 5), rollout('v3', 60, { status: 'failed' }), rollout('v2', 600)],
    healthy: ['v2'],
  },
  {
    why: 'somebody has deployed since it began',
    changes: [rollout('v5', -5), rollout('v4', 5), rollout('v3', 60)],
    healthy: ['v3'],
  },
  {
    why: 'the suspect had run before, too',
    changes: [rollout('v3', 5), rollout('v4', 60), rollout('v3', 600)],
    healthy: ['v4'],
  },
])('what was healthy before an incident, where $why', ({ changes, healthy }) => {
  expect(healthyVersions(changes, beganAtMs)).toEqual(healthy);
});
