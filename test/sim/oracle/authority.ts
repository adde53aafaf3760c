import type { FreezePolicy, GuardrailPolicy } from '../../../lib/domain/policy/action-policy.ts';
import { dig } from '../actors/deployments.ts';
import type { Deploy } from '../actors/deployments.ts';
import { humanOf } from '../engine/action-policy.ts';
import type { ActionNotes } from './action-notes.ts';

/** A worker that began before a change of the policy may still have the old one. */
const graceMs = 130_000;
/** Between a decision and its write. */
const writeMs = 30_000;

export interface AuthorityScene {
  readonly guardrails: GuardrailPolicy;
  readonly deploys: readonly Deploy[];
  /** When each person lost the right to approve. */
  readonly revoked: ReadonlyMap<string, number>;
  /** Rules whose action has failed. */
  readonly demoted: ReadonlySet<string>;
  /** When it was decided. */
  readonly atMs: number;
}

/** Who of those who approved counts, counted as people do: by faces, not by accounts. */
export function peopleWhoCount(notes: ActionNotes, scene: AuthorityScene): ReadonlySet<string> {
  const { guardrails, revoked, atMs } = scene;
  const requester = notes.origin.kind === 'person' ? requesterOf(notes.origin) : null;
  const authors = authorsKnown(notes, scene.deploys);
  const counting = notes.approvals.filter((approval) => {
    const human = humanOf[approval.account] ?? '';
    const lostAtMs = revoked.get(human) ?? Infinity;
    return (
      human !== '' &&
      human !== 'eve' &&
      human !== requester &&
      !authors.includes(human) &&
      atMs - lostAtMs < graceMs &&
      approval.planHash === notes.planHash &&
      atMs - approval.atMs <= guardrails.approvalWithinMs
    );
  });
  return new Set(counting.map(({ account }) => humanOf[account] ?? ''));
}

const requesterOf = ({
  by,
}: Extract<ActionNotes['origin'], { readonly kind: 'person' }>): string =>
  by.kind === 'person' ? (humanOf[by.id] ?? '') : '';

/** The image that a plan of a rollback takes away, and the one that it brings. */
function imagesOf({ plan }: ActionNotes): readonly [string, string] | null {
  if (plan?.verb !== 'rollback') return null;
  const path = ['spec', 'containers', 0, 'image'] as const;
  const body: unknown = dig(plan.steps[0], 'call', 'body');
  const operations: readonly unknown[] = Array.isArray(body) ? body : [];
  const replaced = operations.find(
    (operation) =>
      dig(operation, 'op') === 'replace' && dig(operation, 'path') === '/spec/template',
  );
  return [
    String(dig(plan.before, 'template', ...path)),
    String(dig(dig(replaced, 'value'), ...path)),
  ];
}

/** People who made what is changed, and of whom the feed had told when the plan was made. */
function authorsKnown(notes: ActionNotes, deploys: readonly Deploy[]): readonly string[] {
  const images = imagesOf(notes);
  const madeAtMs = notes.plan?.plannedAtMs ?? 0;
  return deploys
    .filter(({ image }) => images?.includes(image) === true)
    .flatMap(({ author, isTold, atMs }) => (isTold && atMs < madeAtMs ? author : []));
}

/** Whether nobody has ever told who made what runs. */
function isAuthorUnknown(notes: ActionNotes, deploys: readonly Deploy[]): boolean {
  const images = imagesOf(notes);
  if (images === null) return false;
  return !deploys.some(({ image, isTold }) => image === images[0] && isTold);
}

const holds = ({ from, until }: FreezePolicy, atMs: number): boolean =>
  from <= atMs - writeMs && atMs < until;

/** How many people it takes at least. Infinity: it must not happen at all. */
export function peopleNeeded(notes: ActionNotes, scene: AuthorityScene): number {
  const { origin } = notes;
  const isFrozen = scene.guardrails.freezes.some((freeze) => holds(freeze, scene.atMs));
  if (origin.kind === 'runbook') {
    if (isFrozen || origin.mode === 'shadow') return Infinity;
    if (origin.mode === 'automatic' && !scene.demoted.has(origin.runbookId)) return 0;
  }
  return 1 + (isAuthorUnknown(notes, scene.deploys) ? 1 : 0) + (isFrozen ? 1 : 0);
}
