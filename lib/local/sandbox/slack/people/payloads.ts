import type { JsonObject } from '../../../shared/json.ts';
import { appIdOf, shownMessage, shownView, teamOf } from '../api/shown.ts';
import type { Channel, StoredMessage } from '../facts.ts';
import type { Office } from '../office.ts';
import type { SlackSandboxCommand, SlackSandboxUser } from '../settings.ts';
import type { Hook } from './hooks.ts';
import type { OpenView } from './open-views.ts';

/** Long deprecated, and still in every request; the same for all. */
const VERIFICATION_TOKEN = 'sandbox-verification-token';

/** A person in a channel. */
export interface Place {
  readonly office: Office;
  readonly user: SlackSandboxUser;
  readonly channel: Channel;
}

/** The form of a slash command. */
export function commandForm(
  { office, user, channel }: Place,
  { command }: SlackSandboxCommand,
  text: string,
): Readonly<Record<string, string>> {
  const { workspace } = office;
  const { enterpriseId, name } = workspace.settings;
  return {
    token: VERIFICATION_TOKEN,
    team_id: teamOf(workspace, user),
    team_domain: domainOf(office),
    ...(enterpriseId !== null && { enterprise_id: enterpriseId, enterprise_name: name }),
    channel_id: channel.id,
    channel_name: channel.isPrivate ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.handle,
    command,
    text,
    api_app_id: appIdOf(workspace),
    is_enterprise_install: 'false',
    response_url: responseUrl(office, {
      userId: user.id,
      channel: channel.id,
      threadTs: null,
      source: null,
    }),
    trigger_id: trigger(office, user),
  };
}

/** A click in a message, or in one that only the clicking person sees. */
export function messageAction(
  { office, user, channel }: Place,
  source: Pick<StoredMessage, 'ts' | 'threadTs'>,
  action: JsonObject,
): JsonObject {
  const message = office.workspace.message(channel.id, source.ts);
  const hook: Hook = {
    userId: user.id,
    channel: channel.id,
    threadTs: source.threadTs,
    source: { ts: source.ts, isEphemeral: message === undefined },
  };
  return {
    ...interaction(office, user, 'block_actions'),
    container: {
      type: 'message',
      message_ts: source.ts,
      channel_id: channel.id,
      is_ephemeral: message === undefined,
      ...(source.threadTs !== null && { thread_ts: source.threadTs }),
    },
    channel: { id: channel.id, name: channel.isPrivate ? 'privategroup' : channel.name },
    ...(message !== undefined && { message: shownMessage(office.workspace, message) }),
    state: { values: {} },
    response_url: responseUrl(office, hook),
    actions: [action],
  };
}

/** A click in a form. */
export function viewAction(
  { office, user }: Omit<Place, 'channel'>,
  open: OpenView,
  act: { readonly action: JsonObject; readonly values: JsonObject },
): JsonObject {
  return {
    ...interaction(office, user, 'block_actions'),
    container: { type: 'view', view_id: open.id },
    view: shownView(office.workspace, open, act.values),
    state: { values: act.values },
    actions: [act.action],
  };
}

export function viewSubmission(
  { office, user }: Omit<Place, 'channel'>,
  open: OpenView,
  values: JsonObject,
): JsonObject {
  return {
    ...interaction(office, user, 'view_submission'),
    view: shownView(office.workspace, open, values),
    response_urls: [],
  };
}

export function viewClosed({ office, user }: Omit<Place, 'channel'>, open: OpenView): JsonObject {
  const { trigger_id: _, ...rest } = interaction(office, user, 'view_closed');
  return { ...rest, view: shownView(office.workspace, open), is_cleared: false };
}

/** A shortcut from the composer: it belongs to no channel. */
export function globalShortcut(
  { office, user }: Omit<Place, 'channel'>,
  callbackId: string,
): JsonObject {
  return {
    ...interaction(office, user, 'shortcut'),
    callback_id: callbackId,
    action_ts: office.workspace.nextTs(),
  };
}

/** A shortcut from the menu of a message. */
export function messageShortcut(
  { office, user, channel }: Place,
  message: StoredMessage,
  callbackId: string,
): JsonObject {
  const { ts, threadTs } = message;
  const hook: Hook = {
    userId: user.id,
    channel: channel.id,
    threadTs,
    source: { ts, isEphemeral: false },
  };
  return {
    ...interaction(office, user, 'message_action'),
    callback_id: callbackId,
    action_ts: office.workspace.nextTs(),
    message_ts: ts,
    channel: { id: channel.id, name: channel.isPrivate ? 'privategroup' : channel.name },
    message: shownMessage(office.workspace, message),
    response_url: responseUrl(office, hook),
  };
}

/**
 * What every interaction says of who acted. A stranger in a shared channel is told by the user's
 * own `team_id` alone: `team` is the workspace in which the app is installed.
 */
function interaction(office: Office, user: SlackSandboxUser, type: string): JsonObject {
  const { workspace } = office;
  const { teamId, enterpriseId, name } = workspace.settings;
  return {
    type,
    team: { id: teamId, domain: domainOf(office) },
    enterprise: enterpriseId === null ? null : { id: enterpriseId, name },
    is_enterprise_install: false,
    user: {
      id: user.id,
      username: user.handle,
      name: user.handle,
      team_id: teamOf(workspace, user),
    },
    api_app_id: appIdOf(workspace),
    token: VERIFICATION_TOKEN,
    trigger_id: trigger(office, user),
  };
}

const domainOf = ({ workspace }: Office): string =>
  workspace.settings.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const trigger = ({ triggers, timekeeper }: Office, { id }: SlackSandboxUser): string =>
  triggers.issue(id, timekeeper.nowMs());

const responseUrl = ({ hooks, timekeeper, baseUrl }: Office, hook: Hook): string =>
  `${baseUrl()}/response/${hooks.issue(hook, timekeeper.nowMs())}`;
