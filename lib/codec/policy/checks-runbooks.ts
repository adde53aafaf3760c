import { actionVerbs, type ActionVerb } from '../../domain/action/verb.ts';
import type { TargetPlace } from '../../domain/policy/action-policy.ts';
import { parametersOf, verbsFor, whyNeverAutomatic } from '../../domain/policy/target-verbs.ts';
import { itemsOf, textAt, type Content } from './content.ts';
import { excerpt, type Finding, type Path } from './problem.ts';
import { oneOf } from './schema-walk.ts';
import { valueAt } from './value-at.ts';

/** What one runbook names must be there, fit its target, and be fit to be done by itself. */
export function checkRunbook(content: Content, tenant: Path, runbook: Path): readonly Finding[] {
  const isThere = (key: string): boolean => valueAt(content.value, [...runbook, key]) !== undefined;
  const base = { of: 'value', found: null } as const;
  if (!isThere('action')) {
    const isIdle = itemsOf(content, [...runbook, 'steps']).length === 0;
    const idle: Finding = {
      ...base,
      path: runbook,
      problem: 'this runbook neither proposes an action nor has steps for people',
      allowed: 'action, steps or both',
      fix: 'add action: { verb: rollback }, or steps: with what people do',
    };
    const byItself: Finding = {
      ...base,
      path: [...runbook, 'mode'],
      problem: 'a runbook without an action cannot be automatic',
      allowed: 'shadow or propose',
      fix: 'write mode: propose',
    };
    const isAutomatic = textAt(content, [...runbook, 'mode']) === 'automatic';
    return [...(isIdle ? [idle] : []), ...(isAutomatic ? [byItself] : [])];
  }
  const verb = actionVerbs.find((each) => each === textAt(content, [...runbook, 'action', 'verb']));
  return verb === undefined ? [] : checkAction(content, { tenant, runbook, verb });
}

interface Proposed {
  readonly tenant: Path;
  readonly runbook: Path;
  readonly verb: ActionVerb;
}

function checkAction(content: Content, proposed: Proposed): readonly Finding[] {
  const { tenant, runbook, verb } = proposed;
  const name = textAt(content, [...runbook, 'action', 'target']);
  const target = itemsOf(content, [...tenant, 'targets']).find(
    (item) => name !== null && textAt(content, [...item, 'id']) === name,
  );
  return [
    ...(target === undefined ? [] : misfits(content, proposed, target)),
    ...unasked(content, proposed, target ?? null),
    ...strangeParameters(content, [...runbook, 'action', 'parameters'], verb),
    ...missingParameters(content, proposed),
  ];
}

function misfits(content: Content, { runbook, verb }: Proposed, target: Path): readonly Finding[] {
  const on = placeAt(content, target);
  const hasGit = valueAt(content.value, [...target, 'git']) !== undefined;
  const fitting = on === null ? actionVerbs : verbsFor({ on, git: hasGit ? emptyGit : null });
  if (fitting.includes(verb)) return [];
  const name = textAt(content, [...target, 'id']) ?? 'the target';
  return [
    {
      path: [...runbook, 'action', 'verb'],
      of: 'value',
      problem: `${verb} cannot be done to ${name}`,
      found: verb,
      allowed: oneOf(fitting),
      fix: verb === 'revert' ? `add git: to ${name}` : `write ${fitting[0] ?? 'another verb'}`,
    },
  ];
}

/** What must never be done without people is not given to a rule alone. */
function unasked(
  content: Content,
  { runbook, verb }: Proposed,
  target: Path | null,
): readonly Finding[] {
  const path = [...runbook, 'mode'];
  const why = whyNeverAutomatic(verb, target === null ? null : placeAt(content, target));
  if (why === null || textAt(content, path) !== 'automatic') return [];
  return [
    {
      path,
      of: 'value',
      problem: `${why}: nothing does that without people`,
      found: 'automatic',
      allowed: `shadow or propose for ${verb}`,
      fix: 'write mode: propose',
    },
  ];
}

/** Only whether there is one counts here. */
const emptyGit = { host: '', repository: '', branch: '', path: '' };

/** As much of a target's place as its verbs depend on, or null where it is not known. */
function placeAt(content: Content, target: Path): TargetPlace | null {
  const text = (key: string): string => textAt(content, [...target, 'on', key]) ?? '';
  const at = { cluster: text('cluster'), namespace: text('namespace'), name: text('name') };
  const kind = text('kind');
  if (kind === 'service') return { ...at, kind, selectorKey: '', sides: ['', ''] };
  if (kind === 'http-route') return { ...at, kind, rule: 0 };
  if (kind === 'argocd') {
    return { kind, server: '', project: '', application: '', appNamespace: null };
  }
  const workload = (['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] as const).find(
    (each) => each === text('workload'),
  );
  return kind === 'workload' && workload !== undefined ? { ...at, kind, workload } : null;
}

function strangeParameters({ value }: Content, path: Path, verb: ActionVerb): readonly Finding[] {
  const taken = parametersOf(verb);
  return Object.keys(valueAt(value, path) ?? {})
    .filter((key) => !taken.includes(key))
    .map((key) => ({
      path: [...path, key],
      of: 'key',
      problem: `${verb} takes no ${excerpt(key)}`,
      found: key,
      allowed: taken.length === 0 ? 'no parameters' : oneOf(taken),
      fix: taken[0] === undefined ? 'remove it' : `write ${taken[0]}`,
    }));
}

/** Verbs that say nothing without one of these. */
const neededBy: Readonly<Partial<Record<ActionVerb, readonly [string, ...string[]]>>> = {
  scale: ['by', 'replicas'],
  shift: ['to'],
};

function missingParameters({ value }: Content, { runbook, verb }: Proposed): readonly Finding[] {
  const needed = neededBy[verb];
  const path = [...runbook, 'action', 'parameters'];
  if (needed === undefined) return [];
  if (needed.some((key) => valueAt(value, [...path, key]) !== undefined)) return [];
  return [
    {
      path: [...runbook, 'action', 'verb'],
      of: 'value',
      problem: `${verb} does not say how far`,
      found: verb,
      allowed: `parameters with ${oneOf(needed)}`,
      fix: verb === 'scale' ? 'add parameters: { by: +50% }' : 'add parameters: { to: stable=100 }',
    },
  ];
}
