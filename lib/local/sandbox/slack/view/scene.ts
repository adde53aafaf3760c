import { ownPath, type SafeUrl } from '../../../../console/html.ts';
import type { Channel } from '../facts.ts';
import type { Office } from '../office.ts';
import type { SlackSandboxUser } from '../settings.ts';

/** What is looked at, and through whose eyes. */
export interface Scene {
  readonly office: Office;
  readonly user: SlackSandboxUser;
  readonly channel: Channel | undefined;
  /** The parent of the thread that is open; empty for none. */
  readonly thread: string;
  /** Path of the view on this server. */
  readonly path: string;
}

/** The address of the same view with another channel, thread or person. */
export function linkTo(
  { office, user, channel, path }: Scene,
  to: { readonly channel?: string; readonly thread?: string },
): SafeUrl {
  const query = new URLSearchParams({
    workspace: office.workspace.settings.teamId,
    as: user.id,
    channel: to.channel ?? channel?.id ?? '',
    ...(to.thread !== undefined && { thread: to.thread }),
  });
  return ownPath(`${path}?${query.toString()}`);
}

/** The channels that a person sees: all public ones, and private ones from inside. */
export const visibleChannels = (
  { workspace }: Office,
  { id }: SlackSandboxUser,
): readonly Channel[] =>
  workspace.channels().filter(({ isPrivate, members }) => !isPrivate || members.includes(id));
