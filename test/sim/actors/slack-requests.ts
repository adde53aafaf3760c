import { createHash, createHmac } from 'node:crypto';
import type { SlackEntry } from '../../../lib/app/slack/deps.ts';
import { slackIds, workspaces, type Workspace } from '../engine/slack-policy.ts';

/** Who sends a request, as the outside knows it; what the payload says may be something else. */
export type Sender =
  | 'ada'
  | 'observer'
  | 'guest'
  | 'bot'
  | 'stranger'
  | 'neighbour'
  /** Has the neighbour's secret, and calls itself Ada. */
  | 'forger'
  /** Has no secret at all. */
  | 'unsigned';

/** What is asked for, and of which incident as it was seen. */
export interface Wish {
  readonly verb: string;
  readonly args: string;
  /** Null for what is about none. */
  readonly incidentId: string | null;
  /** As the button was drawn; null for what is typed. */
  readonly stamp: string | null;
  /** Null for a button. */
  readonly form: Readonly<Record<string, string>> | null;
}

export interface SignedRequest {
  readonly name: string;
  readonly sender: Sender;
  readonly wish: Wish;
  readonly entry: SlackEntry;
  readonly body: string;
  /** In seconds. */
  readonly timestamp: string;
  readonly signature: string;
  /** SHA-256 of the body. */
  readonly seal: string;
}

interface Identity {
  readonly workspace: Workspace;
  readonly signedBy: Workspace | null;
  readonly userId: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

const acme = (userId: string, more: Identity['more'] = {}): Identity => ({
  workspace: 'acme',
  signedBy: 'acme',
  userId,
  more,
});

const identities: Readonly<Record<Sender, Identity>> = {
  ada: acme(slackIds.ada),
  observer: acme(slackIds.olga),
  // Who they are is one thing, that Slack calls them a guest or a bot is another.
  guest: acme(slackIds.ada, { is_restricted: true, team_id: 'T0000OTHER' }),
  bot: acme('B000000BOT', { is_bot: true }),
  stranger: acme('U00STRANGE', { name: 'ada', username: 'ada' }),
  neighbour: { workspace: 'globex', signedBy: 'globex', userId: slackIds.hank },
  forger: { workspace: 'acme', signedBy: 'globex', userId: slackIds.ada },
  unsigned: { workspace: 'acme', signedBy: null, userId: slackIds.ada },
};

/** Those whose commands say nothing of guests and bots: these can only click. */
export const onlyClicks: ReadonlySet<Sender> = new Set(['guest', 'bot']);

/** Slack's own request for a wish, signed at the instant. */
export function requestOf(
  name: string,
  of: { readonly sender: Sender; readonly wish: Wish; readonly atMs: number },
): SignedRequest {
  const { sender, wish, atMs } = of;
  const identity = identities[sender];
  const isTyped = wish.stamp === null;
  const body = isTyped ? commandBody(name, wish, identity) : payloadBody(name, wish, identity);
  const timestamp = String(Math.floor(atMs / 1000));
  const { signedBy } = identity;
  const secret = signedBy === null ? 'guessed' : workspaces[signedBy].signingSecret;
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    name,
    sender,
    wish,
    entry: isTyped ? 'commands' : 'interactions',
    body,
    timestamp,
    signature: `v0=${hmac}`,
    seal: createHash('sha256').update(body).digest('hex'),
  };
}

function commandBody(name: string, { verb, args, incidentId }: Wish, of: Identity): string {
  return new URLSearchParams({
    team_id: workspaces[of.workspace].teamId,
    user_id: of.userId,
    user_name: 'ada',
    command: '/incident',
    text: [verb, incidentId ?? '', args].filter((word) => word !== '').join(' '),
    response_url: `https://hooks.slack.example/${name}`,
    trigger_id: `trigger-of-${name}`,
  }).toString();
}

function payloadBody(name: string, wish: Wish, of: Identity): string {
  const target = JSON.stringify({ t: 'acme', i: wish.incidentId, s: wish.stamp });
  const { form, verb } = wish;
  const what =
    form === null
      ? {
          type: 'block_actions',
          actions: [{ type: 'button', action_id: `tocsin:${verb}`, value: target }],
        }
      : {
          type: 'view_submission',
          view: {
            callback_id: `tocsin:${verb}`,
            private_metadata: target,
            state: {
              values: Object.fromEntries(
                Object.entries(form).map(([field, value]) => [field, { value: { value } }]),
              ),
            },
          },
        };
  const payload = {
    ...what,
    team: { id: workspaces[of.workspace].teamId },
    user: { id: of.userId, ...of.more },
    trigger_id: `trigger-of-${name}`,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
