import { actionVerbs, type ActionVerb } from '../../domain/action/verb.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import { verbsFor } from '../../domain/policy/target-verbs.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { refused } from './answers.ts';
import { actionForm, askFor, deedsFor, onlyTarget, type Deed } from './ask-action.ts';
import {
  isParameter,
  readParameters,
  readRequest,
  targetNamed,
  whatIsMissing,
  type TypedRequest,
} from './read-request.ts';
import type { Fields, IncidentCall, IncidentVerb } from './verb.ts';
import { either, firstWord, quoted } from './words.ts';

type Words = Readonly<
  Record<ActionVerb, readonly [aliases: readonly string[], usage: string, summary: string]>
>;

const words: Words = {
  rollback: [['rb', 'undo'], '[target] [revision] [-- reason]', 'To a version that worked'],
  scale: [['sc'], '[target] 8|+2|-1 [-- reason]', 'More replicas, or fewer'],
  restart: [['rs'], '[target] [-- reason]', 'Pods anew, one by one'],
  pause: [[], '[target] [-- reason]', 'Stop a rollout where it is'],
  resume: [[], '[target] [-- reason]', 'Let a paused rollout go on'],
  abort: [[], '[target] [-- reason]', 'Back to the stable version'],
  retry: [[], '[target] [-- reason]', 'An aborted rollout once more'],
  promote: [[], '[target] [-- reason]', 'A rollout to its end'],
  switch: [[], '[target] [side] [-- reason]', 'Blue or green'],
  shift: [[], '[target] green=90 [-- reason]', 'Traffic between versions'],
  revert: [[], '[target] [commit] [-- reason]', 'Propose the change’s undoing in Git'],
};

/** Asks for one thing to be done to a target. What may be done is decided elsewhere. */
const actionVerb = (name: ActionVerb): IncidentVerb => {
  const [aliases, usage, summary] = words[name];
  return {
    name,
    aliases,
    usage,
    summary,
    right: 'respond',
    subject: 'incident',
    among: 'open',
    isProse: true,
    heedsStamp: false,
    run: (call) => ask(call, name),
  };
};

/** A verb for each thing that can be done to a target. */
export const targetVerbs: readonly IncidentVerb[] = actionVerbs.map(actionVerb);

/** Everything that can be done, to choose from. */
export const actOn: IncidentVerb = {
  name: 'act',
  aliases: ['do'],
  usage: '[rollback|scale|restart|… [target] …]',
  summary: 'Roll back, scale … (alone: a form)',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: true,
  heedsStamp: false,
  run: async (call) => {
    const { word, rest } = firstWord(call.args);
    if (word === '') return choose(call, null);
    const verb = actionVerbs.find((one) => one === word.toLowerCase());
    return verb === undefined
      ? refused(`${quoted(word)} cannot be done to a target: it is ${either(actionVerbs)}.`)
      : ask({ ...call, args: rest }, verb);
  },
  form: { name: 'action', submit },
};

async function ask(call: IncidentCall, verb: ActionVerb): Promise<VerbReply> {
  const typed = readRequest(call.args);
  const meant = targetMeant(call, verb, typed);
  if ('kind' in meant) return meant;
  const { target, words: rest } = meant;
  if (!verbsFor(target).includes(verb)) {
    const can = either(verbsFor(target));
    return refused(`${target.id} has no \`${verb}\`: it can ${can}.`, call.incident);
  }
  const read = readParameters(verb, { ...typed, words: rest });
  if (!read.ok) return refused(read.error, call.incident);
  const { parameters, reason } = read.value;
  return whatIsMissing(verb, parameters) === null
    ? askFor(call, { verb, target, parameters, reason })
    : { kind: 'form', form: actionForm(call, [{ verb, target }], { reason }) };
}

/** A target, and what else was said. */
interface Meant {
  readonly target: TargetPolicy;
  readonly words: readonly string[];
}

/** The target that is named; else the only one there is; else what asks for it. */
function targetMeant(call: IncidentCall, verb: ActionVerb, typed: TypedRequest): Meant | VerbReply {
  const [first = '', ...others] = typed.words;
  const named = targetNamed(call.tenant.actions.targets, first, verb);
  if (named !== null) return { target: named, words: others };
  if (first !== '' && !isParameter(first)) return noTarget(call, verb, first);
  const target = onlyTarget(call, verb);
  return target === null ? choose(call, verb, typed) : { target, words: typed.words };
}

/** What was typed after the target that is missing is asked for once more, beside the choice. */
function choose(call: IncidentCall, verb: ActionVerb | null, typed = readRequest('')): VerbReply {
  const deeds = deedsFor(call, verb);
  if (deeds.length === 0) {
    const what = verb === null ? 'no target' : `no target that has \`${verb}\``;
    return refused(`The policy names ${what}: whoever keeps it can add one.`, call.incident);
  }
  const values = { parameters: typed.words.join(' '), reason: typed.reason };
  return { kind: 'form', form: actionForm(call, deeds, values) };
}

function noTarget(call: IncidentCall, verb: ActionVerb, word: string): VerbReply {
  const ids = [...new Set(deedsFor(call, verb).map(({ target }) => target.id))];
  const some = ids.slice(0, 10).join(', ');
  const others = some === '' ? 'None has it.' : `These have it: ${some}.`;
  return refused(`There is no target ${quoted(word)} for \`${verb}\`. ${others}`, call.incident);
}

async function submit(call: IncidentCall, fields: Fields): Promise<VerbReply> {
  const { action = '', parameters = '', reason = '' } = fields;
  const deed = deedIn(call, action);
  if (deed === null) return wrong('action', 'Choose what is to be done, and to what.');
  const read = readParameters(deed.verb, { ...readRequest(parameters), reason });
  if (!read.ok) return wrong('parameters', read.error);
  const missing = whatIsMissing(deed.verb, read.value.parameters);
  return missing === null ? askFor(call, { ...deed, ...read.value }) : wrong('parameters', missing);
}

const wrong = (field: string, text: string): VerbReply => ({
  kind: 'invalid',
  errors: { [field]: text },
});

/** What a choice of the form stands for; null for what is not in the policy, or not any more. */
function deedIn({ tenant }: IncidentCall, choice: string): Deed | null {
  const { word, rest } = firstWord(choice);
  const verb = actionVerbs.find((one) => one === word);
  const target = tenant.actions.targets.find(({ id }) => id === rest);
  return verb === undefined || target === undefined || !verbsFor(target).includes(verb)
    ? null
    : { verb, target };
}
