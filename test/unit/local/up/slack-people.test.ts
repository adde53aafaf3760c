import { describe, expect, it } from 'vitest';
import { slackTenants } from '../../../../lib/local/up/slack-keys.ts';
import { sandboxWorkspace } from '../../../../lib/local/up/slack-people.ts';
import { PROMETHEUS, withSlack } from './policy-sample.ts';

describe('the workspace of the sandbox', () => {
  const keys = { botToken: 'xoxb-1', signingSecrets: ['secret'] };
  const [tenant] = slackTenants(withSlack(PROMETHEUS));
  const workspace = tenant === undefined ? undefined : sandboxWorkspace(tenant, keys);

  it('is the one that the policy names, with its channel', () => {
    expect(workspace).toMatchObject({
      teamId: 'T0EXAMPLE',
      botToken: 'xoxb-1',
      signingSecret: 'secret',
      channels: [{ id: 'C0INCIDENTS', hasApp: true }, { hasApp: false }],
    });
  });

  it('has the people of the policy who are in Slack, and three who may do nothing', () => {
    expect(workspace?.users.map(({ id, kind, name }) => [id, kind, name])).toEqual([
      ['U0ADA', 'member', 'Ada'],
      ['U0GRACE', 'member', 'Grace (observer)'],
      ['U0SANDBOX1', 'member', 'Noa (not in the policy)'],
      ['U0SANDBOX2', 'guest', 'Gil'],
      ['U0SANDBOX3', 'stranger', 'Sam'],
    ]);
  });
});
