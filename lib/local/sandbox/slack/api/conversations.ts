import type { Channel } from '../facts.ts';
import { TIERS } from '../rate-limits.ts';
import {
  inChannel,
  inOpenChannel,
  isMember,
  namedChannel,
  postNotice,
  type Method,
  type MethodCall,
} from './method.ts';
import { done, refused, type Outcome } from './outcome.ts';
import { shownChannel } from './shown.ts';

const MANAGE = ['channels:manage', 'groups:write'];

/** Channels and who is in them. */
export const CONVERSATIONS: readonly Method[] = [
  {
    name: 'conversations.create',
    rate: TIERS.tier2,
    scopes: MANAGE,
    required: [],
    run: create,
  },
  {
    name: 'conversations.info',
    rate: TIERS.tier3,
    scopes: ['channels:read', 'groups:read'],
    required: ['channel'],
    run: info,
  },
  {
    name: 'conversations.invite',
    rate: TIERS.tier3,
    scopes: [...MANAGE, 'channels:write.invites'],
    required: ['channel', 'users'],
    run: (call) => inOpenChannel(call, (channel) => invite(call, channel)),
  },
  {
    name: 'conversations.join',
    rate: TIERS.tier3,
    scopes: ['channels:join'],
    required: ['channel'],
    run: join,
  },
  {
    name: 'conversations.setTopic',
    rate: TIERS.tier2,
    scopes: MANAGE,
    required: ['channel', 'topic'],
    run: (call) => inOpenChannel(call, (channel) => setTopic(call, channel)),
  },
  {
    name: 'conversations.archive',
    rate: TIERS.tier2,
    scopes: MANAGE,
    required: ['channel'],
    run: (call) => inChannel(call, (channel) => archive(call, channel)),
  },
];

const MAX_NAME = 80;
const MAX_TOPIC = 250;
const MAX_INVITED = 1000;

function create({ office, args }: MethodCall): Outcome {
  const { workspace, ids, timekeeper } = office;
  const name = args.text('name');
  const problem = nameProblem(name);
  if (problem !== undefined) return refused(problem);
  // An archived channel keeps its name.
  if (workspace.channels().some((channel) => channel.name === name)) return refused('name_taken');
  const { id: by } = workspace.bot;
  const id = ids.channel();
  const isPrivate = args.flag('is_private');
  const atMs = timekeeper.nowMs();
  workspace.record({ kind: 'channel_created', id, name, isPrivate, by, atMs });
  postNotice(office, {
    channel: id,
    user: by,
    subtype: 'channel_join',
    text: `<@${by}> created #${name}`,
  });
  return withChannel(office, id);
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'invalid_name_required';
  if (name.length > MAX_NAME) return 'invalid_name_maxlength';
  if (!/^[\p{Ll}\p{Lo}\p{Nd}_-]+$/u.test(name)) return 'invalid_name_specials';
  return /^[_-]+$/.test(name) ? 'invalid_name_punctuation' : undefined;
}

function info(call: MethodCall): Outcome {
  const channel = namedChannel(call);
  return channel === undefined
    ? refused('channel_not_found')
    : withChannel(call.office, channel.id);
}

function invite({ office, args }: MethodCall, { id, members }: Channel): Outcome {
  const { workspace } = office;
  const wanted = args
    .text('users')
    .split(',')
    .map((user) => user.trim())
    .filter((user) => user !== '');
  if (wanted.length === 0) return refused('no_user');
  if (wanted.length > MAX_INVITED) return refused('too_many_users');
  const problems = wanted.flatMap((user) => {
    const error = inviteProblem({
      isKnown: workspace.isKnownUser(user),
      isSelf: user === workspace.bot.id,
      isThere: members.includes(user),
    });
    return error === undefined ? [] : [{ user, ok: false, error }];
  });
  const failed = new Set(problems.map(({ user }) => user));
  const invited = wanted.filter((user) => !failed.has(user));
  const [first] = problems;
  // Without `force`, one that cannot be invited is against all.
  if (first !== undefined && (!args.flag('force') || invited.length === 0)) {
    return { ...refused(first.error), errors: problems };
  }
  workspace.record({ kind: 'joined', channel: id, users: invited });
  for (const user of invited) {
    postNotice(office, {
      channel: id,
      user,
      subtype: 'channel_join',
      text: `<@${user}> was added by <@${workspace.bot.id}>`,
    });
  }
  const outcome = withChannel(office, id);
  return problems.length === 0 ? outcome : { ...outcome, errors: problems };
}

function inviteProblem(invited: {
  readonly isKnown: boolean;
  readonly isSelf: boolean;
  readonly isThere: boolean;
}): string | undefined {
  if (!invited.isKnown) return 'user_not_found';
  if (invited.isSelf) return 'cant_invite_self';
  return invited.isThere ? 'already_in_channel' : undefined;
}

function join(call: MethodCall): Outcome {
  const { office } = call;
  const channel = namedChannel(call);
  if (channel === undefined) return refused('channel_not_found');
  if (channel.isPrivate) return refused('method_not_supported_for_channel_type');
  if (channel.isArchived) return refused('is_archived');
  const { id, name } = channel;
  if (isMember(office, channel)) {
    return { ...withChannel(office, id), warning: 'already_in_channel' };
  }
  const user = office.workspace.bot.id;
  office.workspace.record({ kind: 'joined', channel: id, users: [user] });
  postNotice(office, {
    channel: id,
    user,
    subtype: 'channel_join',
    text: `<@${user}> joined #${name}`,
  });
  return withChannel(office, id);
}

function setTopic({ office, args }: MethodCall, { id }: Channel): Outcome {
  const topic = args.text('topic');
  if (Array.from(topic).length > MAX_TOPIC) return refused('too_long');
  const user = office.workspace.bot.id;
  office.workspace.record({ kind: 'topic_set', channel: id, topic });
  postNotice(office, {
    channel: id,
    user,
    subtype: 'channel_topic',
    text: `<@${user}> set the topic: ${topic}`,
  });
  return withChannel(office, id);
}

function archive({ office }: MethodCall, { id, isArchived, name }: Channel): Outcome {
  if (isArchived) return refused('already_archived');
  const user = office.workspace.bot.id;
  office.workspace.record({ kind: 'archived', channel: id });
  postNotice(office, {
    channel: id,
    user,
    subtype: 'channel_archive',
    text: `<@${user}> archived #${name}`,
  });
  return done();
}

function withChannel({ workspace }: MethodCall['office'], id: string): Outcome {
  const channel = workspace.channel(id);
  return channel === undefined
    ? refused('channel_not_found')
    : done({ channel: shownChannel(workspace, channel) });
}
