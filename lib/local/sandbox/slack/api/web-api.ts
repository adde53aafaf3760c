import { headerOf, type Call } from '../call.ts';
import type { Faults } from '../faults.ts';
import type { Office } from '../office.ts';
import { POSTS_PER_CHANNEL, type RateLimits } from '../rate-limits.ts';
import { json, type Reply } from '../reply.ts';
import { readArguments, type Arguments } from './arguments.ts';
import { CHAT } from './chat.ts';
import { CONVERSATIONS } from './conversations.ts';
import { HISTORY } from './history.ts';
import type { Method } from './method.ts';
import { refused, type Outcome } from './outcome.ts';
import { USERS } from './users.ts';
import { VIEWS } from './views.ts';

export interface WebApiDeps {
  readonly offices: readonly Office[];
  readonly faults: Faults;
  /** Absent: no rate limit. */
  readonly limits: RateLimits | undefined;
}

const METHODS: ReadonlyMap<string, Method> = new Map(
  [...CHAT, ...CONVERSATIONS, ...HISTORY, ...USERS, ...VIEWS].map((method) => [
    method.name,
    method,
  ]),
);

/** The Web API: `POST <base>/<method>`, with the bot token as bearer or as an argument. */
export function createWebApi(deps: WebApiDeps): (call: Call) => Promise<Reply> {
  return (call) => {
    const name = call.path.slice(1);
    return deps.faults.strike(name, () => Promise.resolve(answer(deps, name, call)));
  };
}

function answer(deps: WebApiDeps, name: string, call: Call): Reply {
  const method = METHODS.get(name);
  if (method === undefined) return json(200, { ...refused('unknown_method'), req_method: name });
  const args = readArguments(call);
  const token = tokenOf(call, args);
  if (token === '') return json(200, refused('not_authed'));
  const office = deps.offices.find(({ workspace }) => workspace.settings.botToken === token);
  if (office === undefined) return json(200, refused('invalid_auth'));
  const waitS = secondsToWait(deps, { method, office, args });
  if (waitS > 0) {
    return json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(waitS) });
  }
  return json(200, run({ method, office, args }));
}

interface Admitted {
  readonly method: Method;
  readonly office: Office;
  readonly args: Arguments;
}

function run({ method, office, args }: Admitted): Outcome {
  const { scopes } = office.app;
  if (method.scopes.length > 0 && !method.scopes.some((scope) => scopes.includes(scope))) {
    const needed = method.scopes.join(',');
    return { ...refused('missing_scope'), needed, provided: scopes.join(',') };
  }
  const missing = method.required.filter((name) => !args.has(name));
  if (missing.length > 0) {
    return refused(
      'invalid_arguments',
      missing.map((name) => `missing required field: ${name}`),
    );
  }
  return method.run({ office, args });
}

/** A text in `Authorization`, else the argument `token`. */
function tokenOf(call: Call, args: Arguments): string {
  const bearer = /^Bearer (\S+)$/i.exec(headerOf(call, 'authorization') ?? '')?.[1];
  return bearer ?? args.text('token');
}

function secondsToWait({ limits }: WebApiDeps, { method, office, args }: Admitted): number {
  if (limits === undefined) return 0;
  const nowMs = office.timekeeper.nowMs();
  const key = `${office.workspace.settings.teamId} ${method.name}`;
  const waitS = method.rate === null ? 0 : limits.take(key, method.rate, nowMs);
  if (waitS > 0 || method.name !== 'chat.postMessage') return waitS;
  return limits.take(`${key} ${args.text('channel')}`, POSTS_PER_CHANNEL, nowMs);
}
