import type { ChatPlace } from '../../domain/announce/message.ts';
import type { JsonObject } from '../../domain/shared/json.ts';
import type { SlackActor } from '../../domain/slack/request.ts';
import { firstText, member, recordOf, textOf } from '../fields.ts';

/** A text, or null where there is none. */
export const orNull = (text: string): string | null => (text === '' ? null : text);

/** Slack's own helper, which is nobody. */
const slackbot = 'USLACKBOT';

/** Whose interaction it is. `team` is null where the app is installed for a whole grid. */
export function actorOf(payload: JsonObject): SlackActor {
  const [user, team] = [recordOf(payload, 'user'), recordOf(payload, 'team')];
  const userId = textOf(user, 'id');
  const says = (name: string): boolean => member(user, name) === true;
  return {
    enterpriseId: orNull(
      firstText(textOf(recordOf(payload, 'enterprise'), 'id'), textOf(team, 'enterprise_id')),
    ),
    teamId: orNull(textOf(team, 'id')),
    userId,
    userTeamId: orNull(textOf(user, 'team_id')),
    isBot: says('is_bot') || isBotId(userId),
    isGuest: says('is_restricted') || says('is_ultra_restricted') || says('is_stranger'),
  };
}

/** Whose command it is: forms tell the ids and nothing else that counts. */
export function formActorOf(form: URLSearchParams): SlackActor {
  const text = (name: string): string => form.get(name) ?? '';
  return {
    enterpriseId: orNull(text('enterprise_id')),
    teamId: orNull(text('team_id')),
    userId: text('user_id'),
    userTeamId: null,
    isBot: isBotId(text('user_id')),
    isGuest: false,
  };
}

const isBotId = (userId: string): boolean => userId === slackbot || userId.startsWith('B');

/** Where an interaction with a message took place; null where no channel is named. */
export function placeOf(payload: JsonObject): ChatPlace | null {
  const container = recordOf(payload, 'container');
  const channel = firstText(
    textOf(recordOf(payload, 'channel'), 'id'),
    textOf(container, 'channel_id'),
  );
  const threadTs = firstText(
    textOf(container, 'thread_ts'),
    textOf(recordOf(payload, 'message'), 'thread_ts'),
  );
  return channel === '' ? null : { channel, threadTs: orNull(threadTs) };
}
