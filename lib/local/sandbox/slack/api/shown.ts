import type { JsonObject } from '../../../shared/json.ts';
import type { Channel, StoredMessage } from '../facts.ts';
import type { OpenView } from '../people/open-views.ts';
import type { SlackSandboxUser } from '../settings.ts';
import type { Workspace } from '../workspace.ts';

/** How the Web API and the interactions show what a workspace holds. */

export function shownMessage(
  workspace: Workspace,
  message: StoredMessage,
  { withMetadata = false }: { readonly withMetadata?: boolean } = {},
): JsonObject {
  const { settings } = workspace;
  const { ts, user, subtype, text, blocks, metadata, editedTs } = message;
  return {
    type: 'message',
    ...(subtype !== null && { subtype }),
    user,
    ...appMembers(workspace, message),
    text,
    ts,
    team: settings.teamId,
    ...(blocks.length > 0 && { blocks }),
    ...threadMembers(workspace, message),
    ...(editedTs !== null && { edited: { user, ts: editedTs } }),
    ...(withMetadata && metadata !== null && { metadata }),
  };
}

/** What tells a message of the app from a person's. */
const appMembers = (workspace: Workspace, { user }: StoredMessage): JsonObject =>
  user === workspace.bot.id ? { bot_id: workspace.bot.botId, app_id: appIdOf(workspace) } : {};

/** What a parent tells of its thread, and a reply of its parent. */
function threadMembers(workspace: Workspace, { channel, ts, threadTs }: StoredMessage): JsonObject {
  if (threadTs !== null) {
    const parent = workspace.message(channel, threadTs);
    return { thread_ts: threadTs, parent_user_id: parent?.user ?? '' };
  }
  const replies = workspace.replies(channel, ts);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
  };
}

export function shownChannel(workspace: Workspace, channel: Channel): JsonObject {
  const { id, name, isPrivate, isArchived, topic, creator, createdAtMs, members } = channel;
  return {
    id,
    name,
    name_normalized: name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: isPrivate,
    is_archived: isArchived,
    is_general: false,
    is_member: members.includes(workspace.bot.id),
    created: Math.floor(createdAtMs / 1000),
    creator,
    context_team_id: workspace.settings.teamId,
    topic: { value: topic, creator: topic === '' ? '' : workspace.bot.id, last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: members.length,
  };
}

export function shownUser(workspace: Workspace, user: SlackSandboxUser): JsonObject {
  const { id, handle, name, email, kind } = user;
  return {
    id,
    team_id: teamOf(workspace, user),
    name: handle,
    real_name: name,
    deleted: false,
    is_bot: false,
    is_app_user: false,
    is_restricted: kind === 'guest',
    is_ultra_restricted: false,
    ...(kind === 'stranger' && { is_stranger: true }),
    tz: 'Etc/UTC',
    profile: { real_name: name, display_name: handle, ...(email !== null && { email }) },
  };
}

export function shownBot({ bot, settings }: Workspace): JsonObject {
  return {
    id: bot.id,
    team_id: settings.teamId,
    name: bot.handle,
    real_name: bot.name,
    deleted: false,
    is_bot: true,
    is_app_user: false,
    profile: { real_name: bot.name, display_name: bot.handle, bot_id: bot.botId },
  };
}

/** A view as the app gets it back, with the state of its inputs where they were filled in. */
export function shownView(
  workspace: Workspace,
  open: OpenView,
  values: JsonObject = {},
): JsonObject {
  const { settings, bot } = workspace;
  const { id, rootId, previousId, hash, view } = open;
  return {
    callback_id: '',
    private_metadata: '',
    external_id: '',
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    ...view,
    id,
    team_id: settings.teamId,
    hash,
    state: { values },
    previous_view_id: previousId,
    root_view_id: rootId,
    app_id: appIdOf(workspace),
    app_installed_team_id: settings.teamId,
    bot_id: bot.botId,
  };
}

export const appIdOf = ({ settings }: Workspace): string => `A${settings.teamId.slice(1)}`;

/** The workspace that a user belongs to. */
export const teamOf = ({ settings }: Workspace, { kind }: SlackSandboxUser): string =>
  kind === 'stranger' ? `${settings.teamId.slice(0, -1)}X` : settings.teamId;
