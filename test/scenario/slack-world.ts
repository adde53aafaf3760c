import { createHmac } from 'node:crypto';
import { createMemoryActionRows } from '../../lib/adapters/memory/action-rows.ts';
import { createMemoryChatRows } from '../../lib/adapters/memory/chat-rows.ts';
import { createMemorySecrets } from '../../lib/adapters/memory/secrets.ts';
import type { SlackAnswer, SlackDeps, SlackEntry } from '../../lib/app/slack/deps.ts';
import { receiveSlack, type SlackReceived } from '../../lib/app/slack/receive-slack.ts';
import { decodeSlackCommand, decodeSlackInteraction } from '../../lib/codec/slack/request.ts';
import { verifySlackRequest } from '../../lib/codec/slack/signature.ts';
import { newChatRow } from '../../lib/domain/announce/row.ts';
import type { Phrase } from '../../lib/domain/announce/phrase.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { PersonPolicy, Policy, TenantPolicy } from '../../lib/domain/policy/policy.ts';
import { ok } from '../../lib/domain/shared/result.ts';
import { toIso } from '../../lib/domain/shared/time.ts';
import type { Form } from '../../lib/domain/verbs/form.ts';
import type { VerbReply } from '../../lib/domain/verbs/reply.ts';
import { stampOf } from '../../lib/domain/verbs/stamp.ts';
import type { PagerRest } from '../../lib/ports/pager.ts';
import { createWorld, type World } from './harness.ts';
import type { TenantId } from './samples.ts';

/** Whom Slack's payload names: the ids alone count. */
export interface SlackUser {
  readonly userId: string;
  readonly teamId?: string | null;
  readonly enterpriseId?: string;
  /** More of the payload's `user` object. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export const teams = { acme: 'T0ACME', globex: 'T0GLOBEX' } as const;
const signingSecrets = { acme: 'slack-secret-of-acme', globex: 'slack-secret-of-globex' } as const;

const person = (
  id: string,
  name: string,
  more: Partial<PersonPolicy> & Pick<PersonPolicy, 'slackUserId'>,
): PersonPolicy => ({
  id,
  name,
  email: `${id}@example.com`,
  pagerdutyUserId: `P${id.toUpperCase()}`,
  logins: [],
  apiNames: [],
  roles: ['responder'],
  ...more,
});

/** Who is in the policy of each tenant. */
export const peopleOf: Readonly<Record<TenantId, readonly PersonPolicy[]>> = {
  acme: [
    person('ada', 'Ada Byron', { slackUserId: 'U0ADA' }),
    person('grace', 'Grace Murray', { slackUserId: 'U0GRACE' }),
    person('olga', 'Olga Observer', {
      slackUserId: 'U0OLGA',
      roles: ['observer'],
      pagerdutyUserId: null,
    }),
  ],
  globex: [person('hank', 'Hank Scorpio', { slackUserId: 'U0HANK' })],
};

export const adaInSlack: SlackUser = { userId: 'U0ADA' };

/** What a person got to see: the kind of the answer, and its words. */
export interface Seen {
  readonly by: 'message' | 'window' | 'form' | 'errors' | 'nothing' | 'unauthorized';
  readonly text: string;
}

/** Tocsin with Slack beside it: requests are signed, and answers are read as a person would. */
export class SlackWorld {
  readonly world: World;
  readonly chatRows = createMemoryChatRows();
  readonly deps: SlackDeps;
  /** Windows that Slack was asked to open, newest last. */
  readonly windows: Seen[] = [];
  opensWindows = true;
  #requests = 0;

  constructor(pagerRest: Partial<PagerRest> = {}, of: SlackWorldOf = {}) {
    this.world = of.world ?? createWorld();
    const { deps } = this.world;
    this.deps = {
      ...deps,
      policy: withSlack(deps.policy, { ...peopleOf, ...of.people }),
      secrets: createMemorySecrets({
        intake: { sources: {} },
        pagerduty: { routingKeys: {}, apiToken: null, apiFrom: null, webhookSecrets: {} },
        console: { signingKeys: [], people: {} },
        slack: {
          workspaces: {
            acme: { signingSecrets: [signingSecrets.acme], botToken: 'xoxb-acme' },
            globex: { signingSecrets: [signingSecrets.globex], botToken: 'xoxb-globex' },
          },
        },
      }),
      verify: verifySlackRequest,
      decoders: { commands: decodeSlackCommand, interactions: decodeSlackInteraction },
      render: plainRenderer,
      chatRows: this.chatRows,
      actionRows: createMemoryActionRows(this.world.store.tables),
      inTurn: (work) => work(),
      chat: {
        openView: (_tenant, { view }) => {
          if (!this.opensWindows) {
            const failure = { kind: 'rejected', message: 'Too late.' } as const;
            const error = { ...failure, reason: 'expired_trigger_id', about: 'message' } as const;
            return Promise.resolve({ ok: false, error });
          }
          this.windows.push((view as unknown as { readonly seen: Seen }).seen);
          return Promise.resolve(ok(undefined));
        },
      },
      pagerRest: {
        onCalls: () => Promise.resolve(ok([])),
        services: () => Promise.resolve(ok({ services: [], routingKeys: [], orchestrated: [] })),
        ...pagerRest,
      },
    };
  }

  /** Somebody types `/incident …`. */
  command(
    text: string,
    by: SlackUser = adaInSlack,
    of: { readonly channel?: string; readonly signedBy?: TenantId } = {},
  ): Promise<Seen> {
    return this.send(this.commandPost(text, by, of));
  }

  commandPost(
    text: string,
    by: SlackUser = adaInSlack,
    of: { readonly channel?: string; readonly signedBy?: TenantId } = {},
  ): SignedPost {
    const { channel = 'C0HOME', signedBy = 'acme' } = of;
    const { userId, teamId = teams[signedBy], enterpriseId } = by;
    const form = new URLSearchParams({
      team_id: teamId ?? '',
      channel_id: channel,
      user_id: userId,
      // Whoever calls themselves an administrator is none for it.
      user_name: 'ada',
      command: '/incident',
      text: text.replaceAll('&', '&amp;').replaceAll(/<(?![@#])/g, '&lt;'),
      response_url: 'https://hooks.slack.example/answer',
      trigger_id: this.#trigger(),
      ...(enterpriseId === undefined ? {} : { enterprise_id: enterpriseId }),
    });
    return this.sign('commands', form.toString(), signedBy);
  }

  /** Somebody clicks a button as it was drawn for the incident. */
  click(verb: string, incident: Incident, by: SlackUser = adaInSlack): Promise<Seen> {
    return this.send(this.clickPost(verb, incident, by));
  }

  clickPost(
    verb: string,
    incident: Incident,
    by: SlackUser = adaInSlack,
    signedBy: TenantId = 'acme',
  ): SignedPost {
    const value = JSON.stringify({ t: incident.tenant, i: incident.id, s: stampOf(incident) });
    return this.interactionPost(
      {
        type: 'block_actions',
        container: { type: 'message', channel_id: 'C0HOME' },
        actions: [{ type: 'button', action_id: `tocsin:${verb}`, value }],
      },
      by,
      signedBy,
    );
  }

  /** Somebody sends a form as it was drawn for the incident; null for the form of a declaration. */
  submit(
    form: string,
    incident: Incident | null,
    fields: Readonly<Record<string, string>>,
    by: SlackUser = adaInSlack,
  ): Promise<Seen> {
    return this.send(this.submitPost(form, incident, fields, by));
  }

  submitPost(
    form: string,
    incident: Incident | null,
    fields: Readonly<Record<string, string>>,
    by: SlackUser = adaInSlack,
    signedBy: TenantId = 'acme',
  ): SignedPost {
    const drawn =
      incident === null ? {} : { t: incident.tenant, i: incident.id, s: stampOf(incident) };
    const values = Object.entries(fields).map(([name, value]) => [name, { value: { value } }]);
    const view = {
      callback_id: `tocsin:${form}`,
      private_metadata: JSON.stringify(drawn),
      state: { values: Object.fromEntries(values) as unknown },
    };
    return this.interactionPost({ type: 'view_submission', view }, by, signedBy);
  }

  interactionPost(
    payload: Readonly<Record<string, unknown>>,
    by: SlackUser = adaInSlack,
    signedBy: TenantId = 'acme',
  ): SignedPost {
    const { userId, teamId = teams[signedBy], enterpriseId, more = {} } = by;
    const whole = {
      ...payload,
      team: teamId === null ? null : { id: teamId },
      ...(enterpriseId === undefined ? {} : { enterprise: { id: enterpriseId } }),
      user: { id: userId, username: 'ada', name: 'ada', ...more },
      trigger_id: this.#trigger(),
    };
    const body = new URLSearchParams({ payload: JSON.stringify(whole) }).toString();
    return this.sign('interactions', body, signedBy);
  }

  sign(entry: SlackEntry, body: string, by: TenantId, secret = signingSecrets[by]): SignedPost {
    const timestamp = String(Math.floor(this.world.clock.now() / 1000));
    const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`);
    return { entry, body, timestamp, signature: `v0=${hmac.digest('hex')}` };
  }

  /** Slack, or whoever has got hold of a request, posts it. */
  async send(post: SignedPost): Promise<Seen> {
    const { entry, body, timestamp, signature } = post;
    const windowsBefore = this.windows.length;
    const received = await this.world.drive(
      receiveSlack(this.deps, {
        entry,
        rawBody: new TextEncoder().encode(body),
        timestamp,
        signature,
        requestId: `slack-${this.#requests}`,
      }),
    );
    await this.world.settle();
    return this.windows.at(windowsBefore) ?? seenIn(received);
  }

  /** Gives an incident a channel of its own, as the announcer does. */
  async ownChannel(incident: Incident, channel: string): Promise<void> {
    const row = { ...newChatRow(incident.tenant, incident.id), version: 1 };
    await this.chatRows.save(row, [{ channel, threadTs: null }]);
  }

  #trigger(): string {
    this.#requests += 1;
    return `${this.#requests}.trigger`;
  }
}

export interface SignedPost {
  readonly entry: SlackEntry;
  readonly body: string;
  readonly timestamp: string;
  readonly signature: string;
}

type PeopleOf = Readonly<Record<TenantId, readonly PersonPolicy[]>>;

/** What a world of Slack stands beside, where that is not the usual one. */
export interface SlackWorldOf {
  readonly world?: World;
  readonly people?: Partial<PeopleOf>;
}

function withSlack(policy: Policy, people: PeopleOf): Policy {
  const change = (tenant: TenantPolicy): TenantPolicy => {
    const id: TenantId = tenant.id === 'globex' ? 'globex' : 'acme';
    return {
      ...tenant,
      people: people[id],
      slack: {
        teamId: teams[id],
        enterpriseId: null,
        channel: 'C0HOME',
        ownChannel: {
          severities: ['P0'],
          prefix: 'inc',
          isPrivate: false,
          archiveAfterMs: null,
          invite: [],
        },
        linkHosts: [],
        warRoomUrl: null,
      },
    };
  };
  return { ...policy, tenants: policy.tenants.map(change) };
}

const words = (phrase: Phrase): string =>
  phrase
    .map((span) => {
      switch (span.kind) {
        case 'text':
        case 'bold':
          return span.text;
        case 'time':
          return toIso(span.atMs);
        case 'mention':
          return span.slackUserId;
        case 'channel':
          return span.channel;
        case 'link':
          return `${span.title} ${span.url}`;
      }
    })
    .join('');

function textOf(reply: Exclude<VerbReply, { readonly kind: 'form' | 'invalid' }>): string {
  switch (reply.kind) {
    case 'done':
    case 'refused':
    case 'failed':
      return `${reply.kind}: ${reply.text}`;
    case 'card':
      return `card: ${reply.lead} ${reply.incident.id} ${reply.incident.state}`;
    case 'lines':
      return [`lines: ${reply.title}`, ...reply.lines.map(words)].join('\n');
  }
}

const formText = ({ name, values, choices }: Form): string =>
  `${name} ${JSON.stringify(values)} ${JSON.stringify(choices)}`;

/** Shows replies as text: what they look like in Slack is the codec's, and tested there. */
const plainRenderer: SlackDeps['render'] = {
  message: (reply) => ({ text: textOf(reply), blocks: [] }),
  notice: (reply) => view({ by: 'window', text: textOf(reply) }),
  form: (form) => view({ by: 'form', text: formText(form) }),
};

const view = (seen: Seen) => ({ type: 'modal', seen }) as const;

function seenIn(received: SlackReceived): Seen {
  if (received.kind !== 'answered') return { by: 'unauthorized', text: received.kind };
  const { answer } = received;
  switch (answer.kind) {
    case 'nothing':
      return { by: 'nothing', text: '' };
    case 'message':
      return { by: 'message', text: answer.message.text };
    case 'errors':
      return { by: 'errors', text: JSON.stringify(answer.errors) };
    case 'view':
      return seenView(answer);
  }
}

const seenView = ({ view: shown }: Extract<SlackAnswer, { readonly kind: 'view' }>): Seen =>
  (shown as unknown as { readonly seen: Seen }).seen;
