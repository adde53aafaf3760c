import { ownValue, type JsonObject } from '../../shared/json.ts';
import { createRouter } from '../../runtime/http/router.ts';
import { shownChannel, shownMessage, shownUser, shownView } from './api/shown.ts';
import { bodyFields, textField, type Call } from './call.ts';
import type { Channel } from './facts.ts';
import type { Faults } from './faults.ts';
import { emptyOffice, type Office } from './office.ts';
import { click, runCommand, say, useShortcut, type ActProblem } from './people/acts.ts';
import { showAnswer } from './people/answers.ts';
import { readFilled } from './people/form-values.ts';
import { clickInForm, closeForm, submit } from './people/forms.ts';
import { readFaults } from './read-faults.ts';
import { json, problem, type Reply } from './reply.ts';
import type { SlackSandboxUser } from './settings.ts';
import { viewReply } from './view/reply.ts';

export interface PeopleApiDeps {
  readonly offices: readonly Office[];
  readonly faults: Faults;
  /** Path of the sandbox on the server that it is mounted in. */
  readonly path: string;
  /** Forgets what was counted for the rate limits. */
  readonly resetLimits: () => void;
}

interface PeopleCall extends PeopleApiDeps {
  readonly call: Call;
  readonly parameters: Readonly<Record<string, string>>;
}

interface PeopleRoute {
  readonly routeKey: string;
  readonly run: (call: PeopleCall) => Reply | Promise<Reply>;
}

const ROUTES: readonly PeopleRoute[] = [
  { routeKey: 'GET /', run: ({ call, ...deps }) => viewReply(call, deps) },
  { routeKey: 'DELETE /', run: reset },
  { routeKey: 'GET /state', run: state },
  { routeKey: 'POST /people/{act}', run: act },
  { routeKey: 'POST /response/{id}', run: respond },
  { routeKey: 'GET /faults', run: ({ faults }) => json(200, { faults: faults.list() }) },
  { routeKey: 'PUT /faults', run: setFaults },
  { routeKey: 'POST /faults', run: setFaults },
];

/**
 * What people do in Slack, for the view and for tests: `/people/{act}` takes a JSON object with
 * `as`, `channel` and what the act needs. `/state` shows everything, `/faults` breaks things.
 */
export function createPeopleApi(deps: PeopleApiDeps): (call: Call) => Promise<Reply> {
  const route = createRouter(ROUTES);
  return async (call) => {
    const match = route(call.method, call.path);
    if (match === undefined) {
      return problem(404, `The sandbox does not serve ${call.method} ${call.path}.`);
    }
    return await match.route.run({ ...deps, call, parameters: match.pathParameters });
  };
}

/** A person in a channel, and what the request says of the act. */
interface Asked {
  readonly office: Office;
  readonly user: SlackSandboxUser;
  readonly channel: Channel;
  readonly fields: JsonObject;
}

type Act = (asked: Asked) => ActProblem | Promise<ActProblem>;

const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['command', (asked) => runCommand(asked, textField(asked.fields, 'text'))],
  [
    'message',
    (asked) => say(asked, textField(asked.fields, 'text'), textField(asked.fields, 'thread_ts')),
  ],
  ['click', clickAnywhere],
  [
    'shortcut',
    (asked) =>
      useShortcut(asked, {
        callbackId: textField(asked.fields, 'callback_id'),
        ts: textField(asked.fields, 'ts'),
      }),
  ],
  [
    'submit',
    (asked) =>
      submit(
        asked,
        textField(asked.fields, 'view_id'),
        readFilled(ownValue(asked.fields, 'values')),
      ),
  ],
  ['close', (asked) => closeForm(asked, textField(asked.fields, 'view_id'))],
  ['dismiss', dismiss],
]);

async function act({ offices, call, parameters }: PeopleCall): Promise<Reply> {
  const run = ACTS.get(parameters['act'] ?? '');
  if (run === undefined) return problem(404, `An act is one of ${[...ACTS.keys()].join(', ')}.`);
  const fields = bodyFields(call);
  if (fields === undefined) return problem(400, 'The body must be a JSON object.');
  const asked = readAsked(offices, fields);
  if (typeof asked === 'string') return problem(400, asked);
  const failure = await run(asked);
  return failure === undefined ? json(200, { ok: true }) : problem(409, failure);
}

/** Who acts where; a text says what of it is unknown. */
function readAsked(offices: readonly Office[], fields: JsonObject): Asked | string {
  const office = officeNamed(offices, textField(fields, 'workspace'));
  if (office === undefined) return "'workspace' must be a workspace’s id, or be left out.";
  const user = office.workspace.user(textField(fields, 'as'));
  if (user === undefined) return "'as' must be a user’s id.";
  const channel = office.workspace.channel(textField(fields, 'channel'));
  if (channel === undefined) return "'channel' must be a channel’s id.";
  return { office, user, channel, fields };
}

function clickAnywhere({ fields, ...place }: Asked): Promise<ActProblem> {
  const listed = ownValue(fields, 'chosen');
  const what = {
    blockId: textField(fields, 'block_id'),
    actionId: textField(fields, 'action_id'),
    chosen: Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : [],
  };
  const viewId = textField(fields, 'view_id');
  if (viewId === '') return click(place, { ...what, ts: textField(fields, 'ts') });
  const filled = readFilled(ownValue(fields, 'values'));
  return clickInForm(place, viewId, { ...what, filled });
}

function dismiss({ office, user, fields }: Asked): ActProblem {
  const shown = office.ephemerals.find(user.id, textField(fields, 'ts'));
  if (shown !== undefined) office.ephemerals.remove(shown.ts);
  office.workspace.touch();
  return undefined;
}

/** The workspace with an id; without one, the first. */
const officeNamed = (offices: readonly Office[], teamId: string): Office | undefined =>
  teamId === ''
    ? offices[0]
    : offices.find(({ workspace }) => workspace.settings.teamId === teamId);

function reset({ offices, faults, resetLimits }: PeopleCall): Reply {
  for (const office of offices) emptyOffice(office);
  faults.set([]);
  resetLimits();
  return json(200, { message: 'The sandbox is empty.' });
}

/** Everything of every workspace; with `as`, also what that person alone sees. */
function state({ offices, call }: PeopleCall): Reply {
  const as = call.query.get('as') ?? '';
  return json(200, { workspaces: offices.map((office) => officeState(office, as)) });
}

function officeState({ workspace, ephemerals, views }: Office, as: string): JsonObject {
  const { settings, bot } = workspace;
  const open = views.top(as);
  return {
    team_id: settings.teamId,
    name: settings.name,
    bot_user_id: bot.id,
    users: settings.users.map((user) => shownUser(workspace, user)),
    channels: workspace.channels().map((channel) => ({
      ...shownChannel(workspace, channel),
      members: channel.members,
      messages: workspace
        .messages(channel.id)
        .map((message) => shownMessage(workspace, message, { withMetadata: true })),
      only_you: ephemerals.of(as, channel.id),
    })),
    view: open === undefined ? null : { ...shownView(workspace, open), errors: open.errors },
  };
}

/** An answer to a response URL, as an app posts it. */
function respond({ offices, call, parameters }: PeopleCall): Reply {
  const fields = bodyFields(call);
  if (fields === undefined) return json(200, { ok: false, error: 'invalid_payload' });
  for (const office of offices) {
    const hook = office.hooks.use(parameters['id'] ?? '', office.timekeeper.nowMs());
    if (hook === 'used_url') return json(404, { ok: false, error: 'used_url' });
    if (typeof hook === 'string') continue;
    const error = showAnswer(office, hook, fields);
    return json(200, error === undefined ? { ok: true } : { ok: false, error });
  }
  return json(404, { ok: false, error: 'expired_url' });
}

function setFaults({ call, faults }: PeopleCall): Reply {
  const read = readFaults(bodyFields(call));
  if (typeof read === 'string') return problem(400, read);
  faults.set(read);
  return json(200, { faults: faults.list() });
}
