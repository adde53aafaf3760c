import { lockTarget, unlockTarget } from '../actions/locks.ts';
import { after, toIso, type DurationMs } from '../../domain/shared/time.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { notTaken } from './action-answers.ts';
import { failed, refused, usedBefore, type Refused } from './answers.ts';
import { proseOf } from './find-person.ts';
import { targetNamed } from './read-request.ts';
import { readSpan } from './update.ts';
import type { GeneralVerb, VerbCall } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** Keeps actions off one target. */
export const lock: GeneralVerb = {
  name: 'lock',
  aliases: [],
  usage: '<target> [for=2h] [reason]',
  summary: 'No action starts on a target',
  right: 'respond',
  subject: 'none',
  run: async (call) => {
    const target = targetIn(call);
    if ('kind' in target) return target;
    const { span, rest } = takeSpan(firstWord(call.args).rest);
    return span === 'unreadable'
      ? refused('Say for how long as `for=30m` or `for=2h`, or leave it out: then until `unlock`.')
      : setLock(call, target, { span, reason: rest });
  },
};

/** Lets actions start on it again. */
export const unlock: GeneralVerb = {
  name: 'unlock',
  aliases: [],
  usage: '<target> [reason]',
  summary: 'Actions may start on it again',
  right: 'respond',
  subject: 'none',
  run: async (call) => {
    const target = targetIn(call);
    return 'kind' in target ? target : clearLock(call, target, firstWord(call.args).rest);
  },
};

function targetIn({ args, tenant }: VerbCall): TargetPolicy | Refused {
  const { word } = firstWord(args);
  const { targets } = tenant.actions;
  const target = targetNamed(targets, word);
  if (target !== null) return target;
  const ids = targets.slice(0, 10).map(({ id }) => id);
  const there = ids.length === 0 ? 'The policy names none.' : `There are: ${ids.join(', ')}.`;
  const said = word === '' ? 'Say which target.' : `There is no target ${quoted(word)}.`;
  return refused(`${said} ${there}`);
}

/** `for=2h` and `for 2h` alike. */
function takeSpan(text: string): {
  readonly span: DurationMs | null | 'unreadable';
  readonly rest: string;
} {
  const [whole, span] = /^for[=: ]\s*(\S+)\s*/i.exec(text) ?? [];
  return whole === undefined || span === undefined
    ? { span: null, rest: text }
    : { span: readSpan(span), rest: text.slice(whole.length) };
}

/** Words of ours that say what was done, and how it is done. */
interface Setting {
  readonly set: () => ReturnType<typeof lockTarget>;
  readonly told: string;
}

/** A lock is no incident's: the request is used up first, so that no repeat brings it back. */
async function change({ useUp }: VerbCall, { set, told }: Setting): Promise<VerbReply> {
  const used = await useUp();
  if (!used.ok) return failed(used.error);
  if (!used.value) return usedBefore;
  const done = await set();
  return done.ok ? { kind: 'done', text: told, incident: null } : notTaken(done.error, null);
}

function setLock(
  call: VerbCall,
  target: TargetPolicy,
  of: { readonly span: DurationMs | null; readonly reason: string },
): Promise<VerbReply> {
  const { deps } = call;
  const untilMs = of.span === null ? null : after(deps.clock.now(), of.span);
  const until = untilMs === null ? 'until somebody unlocks it' : `until ${toIso(untilMs)}`;
  return change(call, {
    set: () => lockTarget(deps, { ...askedBy(call, target, of.reason), untilMs }),
    told: `No action starts on ${target.id} ${until}. One that runs already runs to its end.`,
  });
}

const clearLock = (call: VerbCall, target: TargetPolicy, reason: string): Promise<VerbReply> =>
  change(call, {
    set: () => unlockTarget(call.deps, askedBy(call, target, reason)),
    told: `Actions may start on ${target.id} again.`,
  });

const askedBy = ({ tenant, by }: VerbCall, { id: targetId }: TargetPolicy, reason: string) => ({
  tenant: tenant.id,
  targetId,
  by,
  reason: proseOf(reason.replace(/^(?:--|[–—])\s*/, ''), tenant.people),
});
