import type { TenantPolicy } from '../../domain/policy/policy.ts';
import type { SlackCommand } from '../../domain/slack/request.ts';
import { refused } from '../verbs/answers.ts';
import { looksLikeId } from '../verbs/find-incident.ts';
import { findVerb, unknownVerb } from '../verbs/help.ts';
import { verbs } from '../verbs/registry.ts';
import { runVerb } from '../verbs/run-verb.ts';
import type { Verb } from '../verbs/verb.ts';
import { firstWord } from '../verbs/words.ts';
import type { SlackAnswer, SlackDeps, Told } from './deps.ts';
import { askOf } from './ask.ts';
import type { SlackPrincipal } from './principal.ts';
import { openView, sceneOf, whoAsks, type Received } from './replying.ts';

/** Does what somebody typed, and answers for them alone. */
export async function receiveCommand(
  deps: SlackDeps,
  received: Received,
  command: SlackCommand,
): Promise<SlackAnswer> {
  const who = whoAsks(deps, received, command.actor);
  if (!who.ok) return tell(deps, who.error.tenant, who.error.reply);
  const { tenant } = who.value;
  const asked = readCommand(command.text);
  if (asked === null) return tellUnknown(deps, received, { command, principal: who.value });
  const ask = askOf(deps, { ...who.value, received, place: command.place });
  const reply = await runVerb(deps, { ...ask, ...asked });
  if (reply.kind === 'invalid') return tell(deps, tenant, formRefused);
  if (reply.kind !== 'form') return tell(deps, tenant, reply);
  const { triggerId } = command;
  const to = { tenant: tenant.id, triggerId, requestId: received.requestId };
  const isOpen = await openView(deps, to, deps.render.form(reply.form));
  return isOpen ? { kind: 'nothing' } : tell(deps, tenant, formRefused);
}

const formRefused = refused('Slack did not open the form. Say it in one line: `help` shows how.');

/** The verb and what follows it: an id alone shows its incident, nothing at all the help. */
function readCommand(text: string): { readonly verb: Verb; readonly args: string } | null {
  const { word, rest } = firstWord(text);
  if (looksLikeId(word)) return readAs('show', text);
  if (word === '') return readAs('help', '');
  return readAs(word, rest);
}

function readAs(word: string, args: string): ReturnType<typeof readCommand> {
  const verb = findVerb(verbs, word);
  return verb === null ? null : { verb, args };
}

function tellUnknown(
  deps: SlackDeps,
  { requestId }: Received,
  { command, principal }: { readonly command: SlackCommand; readonly principal: SlackPrincipal },
): Promise<SlackAnswer> {
  const { tenant, person } = principal;
  const reply = unknownVerb(verbs, firstWord(command.text).word);
  deps.log.info('A person asked for something.', {
    who: person.id,
    via: 'slack',
    tenant: tenant.id,
    verb: null,
    policyVersion: deps.policy.version,
    requestId,
    outcome: 'refused',
    why: 'unknown verb',
  });
  return tell(deps, tenant, reply);
}

async function tell(deps: SlackDeps, tenant: TenantPolicy, reply: Told): Promise<SlackAnswer> {
  const scene = await sceneOf(deps, tenant, reply);
  return { kind: 'message', message: deps.render.message(reply, scene) };
}
