import { TIERS } from '../rate-limits.ts';
import type { Method, MethodCall } from './method.ts';
import { done, refused, type Outcome } from './outcome.ts';
import { shownBot, shownUser } from './shown.ts';

/** Who is who. */
export const USERS: readonly Method[] = [
  { name: 'auth.test', rate: null, scopes: [], required: [], run: whoAmI },
  {
    name: 'users.info',
    rate: TIERS.tier4,
    scopes: ['users:read'],
    required: ['user'],
    run: userInfo,
  },
  {
    name: 'users.lookupByEmail',
    rate: TIERS.tier3,
    scopes: ['users:read.email'],
    required: ['email'],
    run: lookupByEmail,
  },
];

function whoAmI({ office }: MethodCall): Outcome {
  const { settings, bot } = office.workspace;
  return done({
    url: `${office.baseUrl()}?workspace=${settings.teamId}`,
    team: settings.name,
    user: bot.handle,
    team_id: settings.teamId,
    user_id: bot.id,
    bot_id: bot.botId,
    ...(settings.enterpriseId !== null && { enterprise_id: settings.enterpriseId }),
    is_enterprise_install: false,
  });
}

function userInfo({ office, args }: MethodCall): Outcome {
  const { workspace } = office;
  const id = args.text('user');
  if (id === workspace.bot.id) return done({ user: shownBot(workspace) });
  const user = workspace.user(id);
  return user === undefined
    ? refused('user_not_found')
    : done({ user: shownUser(workspace, user) });
}

function lookupByEmail({ office, args }: MethodCall): Outcome {
  const { workspace } = office;
  const wanted = args.text('email').toLowerCase();
  const user = workspace.settings.users.find(({ email }) => email?.toLowerCase() === wanted);
  return user === undefined
    ? refused('users_not_found')
    : done({ user: shownUser(workspace, user) });
}
