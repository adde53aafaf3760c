import { targetVerbs } from '../../lib/app/verbs/actions-on-targets.ts';
import { verbs } from '../../lib/app/verbs/registry.ts';
import { createSlackRenderer } from '../../lib/codec/slack/renderer.ts';
import { linesOf } from '../../lib/domain/announce/told.ts';
import type { Action } from '../../lib/domain/action/action.ts';
import type { Incident } from '../../lib/domain/incident/state.ts';
import type { PersonPolicy } from '../../lib/domain/policy/policy.ts';
import { stampOf } from '../../lib/domain/verbs/stamp.ts';
import { createActionWorld, people, type ActionChange, type ActionWorld } from './action-world.ts';
import { adaInSlack, SlackWorld, type Seen, type SlackUser } from './slack-world.ts';
import type { TenantId } from './samples.ts';

const inSlack = (person: PersonPolicy): PersonPolicy => ({
  ...person,
  slackUserId: `U0${person.id.toUpperCase()}`,
});

const olga: PersonPolicy = {
  ...people.alan,
  id: 'olga',
  name: 'Olga Observer',
  email: 'olga@example.com',
  logins: [],
  roles: ['observer'],
};

/** Ada asks, Grace and Barbara may approve, Edsger is the author, Alan responds, Olga looks. */
export const staff: readonly PersonPolicy[] = [...Object.values(people), olga].map(inSlack);

export const user = (id: string): SlackUser => ({ userId: `U0${id.toUpperCase()}` });

/** Verbs that people's other scenarios leave to those about actions. */
export const actionVerbNames: ReadonlySet<string> = new Set([
  ...targetVerbs.map(({ name }) => name),
  ...'act approve deny plan actions steps lock unlock halt unhalt'.split(' '),
]);

/** Forms that are theirs. */
export const actionForms: readonly string[] = verbs.flatMap(({ name, form }) =>
  actionVerbNames.has(name) && form !== undefined ? [form.name] : [],
);

/** What a button of a message carries. */
export interface Drawn {
  readonly verb: string;
  readonly value: string;
  readonly label: string;
}

/** Tocsin with targets and with Slack: both sides have one policy. */
export class SlackActionWorld extends SlackWorld {
  readonly acting: ActionWorld;

  constructor(change?: ActionChange) {
    const acting = createActionWorld(change);
    super({}, { world: acting, people: { acme: staff } });
    this.acting = acting;
    const { tenants } = this.deps.policy;
    acting.redeploy((tenant) => tenants.find(({ id }) => id === tenant.id) ?? tenant);
  }

  async said(text: string, by: SlackUser = adaInSlack): Promise<string> {
    return (await this.command(text, by)).text;
  }

  /** Somebody asks by Slack, and the plan is made. */
  async proposed(incident: Incident, text = 'rollback checkout'): Promise<Action> {
    await this.command(text.replace(' ', ` ${incident.id} `));
    return this.latest();
  }

  /** The newest action. */
  latest(): Action {
    const all = this.acting.store.tables.actions.range('') as readonly Action[];
    const newest = all.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
    if (newest === undefined) throw new Error('Nobody has asked for an action.');
    return newest;
  }

  how(action: Action): string {
    return this.acting.how(action.id);
  }

  /** A button beside an action, as it is drawn. */
  press(
    verb: string,
    action: Action,
    by: SlackUser,
    of: { readonly planHash?: string; readonly incident?: Incident; readonly as?: TenantId } = {},
  ): Promise<Seen> {
    const incident = of.incident ?? this.incidentOf(action);
    const { planHash = action.planHash, as = 'acme' } = of;
    const value = drawnValue(incident, `${action.id} ${planHash}`.trim());
    return this.send(this.pressPost({ verb, value, label: '' }, by, as));
  }

  pressPost({ verb, value }: Drawn, by: SlackUser, as: TenantId = 'acme') {
    return this.interactionPost(
      {
        type: 'block_actions',
        container: { type: 'message', channel_id: 'C0HOME' },
        actions: [{ type: 'button', action_id: `tocsin:${verb}`, value }],
      },
      by,
      as,
    );
  }

  /** The form with the whole plan, as it was opened for the action. */
  planPost(
    action: Action,
    fields: Readonly<Record<string, string>>,
    by: SlackUser,
    of: { readonly planHash?: string; readonly as?: TenantId } = {},
  ) {
    const { planHash = action.planHash, as = 'acme' } = of;
    const incident = this.incidentOf(action);
    const values = Object.entries(fields).map(([name, value]) => [name, { value: { value } }]);
    const view = {
      callback_id: 'tocsin:plan',
      private_metadata: drawnValue(incident, `${action.id} ${planHash}`.trim()),
      state: { values: Object.fromEntries(values) as unknown },
    };
    return this.interactionPost({ type: 'view_submission', view }, by, as);
  }

  /** What a button or a form carries that was drawn for the incident as it is. */
  drawnValue = drawnValue;

  incidentOf({ incidentId }: Pick<Action, 'incidentId'>): Incident {
    const found = this.acting.incidents().find(({ id }) => id === incidentId);
    if (found === undefined) throw new Error(`There is no incident ${incidentId}.`);
    return found;
  }

  /** The buttons of the message that tells the thread all of the log after `sinceSeq`. */
  async drawn(incident: Incident, sinceSeq = 0): Promise<readonly Drawn[]> {
    const now = this.acting.now(incident);
    const [tenant] = this.deps.policy.tenants;
    if (tenant === undefined) throw new Error('The policy has tenants.');
    const lines = linesOf(await this.acting.commits(incident), {
      incident: now,
      people: tenant.people,
      onCall: [],
      sinceSeq,
      isLate: false,
    });
    const message = createSlackRenderer([]).lines({ incident: now, tenant, lines });
    return buttonsIn(message.blocks);
  }
}

const drawnValue = (incident: Incident, args: string): string =>
  JSON.stringify({ t: incident.tenant, i: incident.id, s: stampOf(incident), a: args });

/** All buttons of a message or a window, in order. */
export function buttonsIn(blocks: unknown): readonly Drawn[] {
  const found: Drawn[] = [];
  JSON.parse(JSON.stringify(blocks), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const { type, action_id: id, value: carried, text } = value as Record<string, unknown>;
    if (type !== 'button') return value;
    const { text: label } = text as { readonly text: string };
    found.push({ verb: String(id).replace('tocsin:', ''), value: String(carried), label });
    return value;
  });
  return found;
}
