import type { Channel } from '../facts.ts';
import type { Office } from '../office.ts';
import type { Rate } from '../rate-limits.ts';
import type { Arguments } from './arguments.ts';
import { refused, type Outcome } from './outcome.ts';

/** A call whose token, scope and required arguments are in order. */
export interface MethodCall {
  readonly office: Office;
  readonly args: Arguments;
}

/** One method of the Web API. */
export interface Method {
  readonly name: string;
  /** `null`: a method that Slack limits in its own way, or hardly. */
  readonly rate: Rate | null;
  /** One of them is needed; none: any token will do. */
  readonly scopes: readonly string[];
  readonly required: readonly string[];
  readonly run: (call: MethodCall) => Outcome;
}

/** The channel that a call names, as the app sees it: a private one only from inside. */
export function namedChannel({ office, args }: MethodCall): Channel | undefined {
  const channel = office.workspace.channel(args.text('channel'));
  if (channel === undefined) return undefined;
  return channel.isPrivate && !isMember(office, channel) ? undefined : channel;
}

export const isMember = ({ workspace }: Office, { members }: Channel): boolean =>
  members.includes(workspace.bot.id);

/** Runs with the named channel, which the app must be in. */
export function inChannel(call: MethodCall, run: (channel: Channel) => Outcome): Outcome {
  const channel = namedChannel(call);
  if (channel === undefined) return refused('channel_not_found');
  return isMember(call.office, channel) ? run(channel) : refused('not_in_channel');
}

/** The same, and the channel must not be archived. */
export const inOpenChannel = (call: MethodCall, run: (channel: Channel) => Outcome): Outcome =>
  inChannel(call, (channel) => (channel.isArchived ? refused('is_archived') : run(channel)));

/** Writes what Slack itself says in a channel, such as who came. */
export function postNotice(
  { workspace }: Office,
  notice: {
    readonly channel: string;
    readonly user: string;
    readonly subtype: string;
    readonly text: string;
  },
): void {
  workspace.record({
    kind: 'posted',
    message: {
      ...notice,
      ts: workspace.nextTs(),
      blocks: [],
      threadTs: null,
      isBroadcast: false,
      metadata: null,
      editedTs: null,
    },
  });
}
