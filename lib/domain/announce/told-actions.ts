import type { ActionEnded, ActionPlanned, ActionSampled } from '../action/event.ts';
import { shortHash } from '../action/action-id.ts';
import { namesOf } from '../action/approvals.ts';
import { followUpText, shownChanges } from '../action/plan-text.ts';
import { requestTitle } from '../action/summary.ts';
import { signalsIn } from '../action/verdict.ts';
import type { Incident } from '../incident/state.ts';
import { comparisons, endings, originOf } from '../timeline/describe-actions.ts';
import { whoActed } from './persons.ts';
import { bold, text, time, type Phrase } from './phrase.ts';
import type { Tone } from './renderer.ts';
import { because, told, type Tellers, type Telling, type Told } from './telling.ts';
import { hurried } from './told-clocks.ts';

/**
 * What the chat is told of actions, runbooks and changes, a line each. People are called twice at
 * most: those who may approve when a plan waits for them, and those who lead when something that
 * was done has not helped.
 */
export const actionTellers: Tellers = {
  'action.requested': ({ request, origin }) =>
    origin.kind === 'runbook' && origin.mode === 'shadow'
      ? null
      : told(
          'plain',
          `${origin.kind === 'person' ? whoActed(origin.by) : originOf(origin)} asks: `,
          [bold(requestTitle(request))],
          because(request.reason),
        ),
  'action.planned': (event, telling) => planned(event, telling),
  'action.approved': ({ actionId, by, planHash, count, needed }, { incident }) =>
    told('good', `${whoActed(by)} approved plan ${shortHash(planHash)} (${count} of ${needed}): `, [
      bold(titleIn(incident, actionId)),
    ]),
  'action.started': ({ actionId }, { incident }) =>
    told('plain', 'Started: ', [bold(titleIn(incident, actionId))]),
  'action.waiting': ({ actionId, reason }, { incident }) =>
    told('warning', `${titleIn(incident, actionId)} waits${because(reason)}`),
  'action.step_applied': ({ actionId, isLast }, { incident }) =>
    isLast ? told('plain', `Sent and applied: ${titleIn(incident, actionId)}`) : null,
  'action.step_uncertain': ({ actionId, why }, { incident }) =>
    told(
      'warning',
      `An answer was lost, the target is read: ${titleIn(incident, actionId)}${because(why)}`,
    ),
  'action.converged': ({ actionId, says }, { incident }) =>
    told(
      'plain',
      `Converged, its effect is measured now: ${titleIn(incident, actionId)}${because(says)}`,
    ),
  'action.sampled': ({ actionId, sample, wasGood }, { incident }) => {
    const tone = toneOf(sample);
    return tone === null || !wasGood
      ? null
      : told(tone, `${titleIn(incident, actionId)}. ${signalsIn(sample)}`);
  },
  'action.ended': (event, telling) =>
    event.state === 'shadow'
      ? null
      : told(
          tones[event.state],
          [bold(titleIn(telling.incident, event.actionId))],
          ` ${endings[event.state]}`,
          because(event.outcome),
          followUps(event),
          isAlarm(event) ? hurried(telling) : [],
        ),
  'action.compared': ({ comparison }) =>
    told('plain', `Shadow compared: ${comparisons[comparison.kind]}`, because(comparison.says)),
  'change.found': ({ title, url, author, service, changedAtMs, reason, likelihoodPct }) =>
    told(
      'plain',
      `A change of ${service} may be the cause (${likelihoodPct} %): `,
      url === null ? [text(title)] : [{ kind: 'link', title, url }],
      author === null ? ', at ' : ` by ${author}, at `,
      [time(changedAtMs)],
      because(reason),
    ),
  'checklist.started': ({ runbookId, title, steps, willNot }) => ({
    ...told(
      'plain',
      'Checklist ',
      [bold(title)],
      `: ${steps.length} steps for people${willNot === '' ? '' : `. ${willNot}`}`,
    ),
    asks: { kind: 'steps', runbookId },
  }),
  'checklist.ticked': ({ runbookId, step, isDone, by }, { incident }) => {
    const checklist = incident.checklists.find((known) => known.runbookId === runbookId);
    const what = checklist?.steps[step]?.text ?? `step ${step + 1} of ${runbookId}`;
    return told('plain', `${whoActed(by)}: ${isDone ? 'done' : 'not done after all'}: ${what}`);
  },
};

/** Nobody is called for what is done without them. */
function planned({ type: _type, ...plan }: ActionPlanned, { mentionNamed }: Telling): Told {
  const { title, planHash, changes, approvalsReason, mayApprove, expiresAtMs } = plan;
  if (expiresAtMs === null) return told('plain', 'In shadow, nothing is done: ', [bold(title)]);
  const line = told(
    'plain',
    [bold(title)],
    ` (plan ${shortHash(planHash)})`,
    changes.length === 0 ? '' : `: ${shownChanges(changes)}`,
    `. ${approvalsReason}`,
    mayApprove.length === 0 ? '' : ` ${namesOf(mayApprove)} may, until `,
    mayApprove.length === 0 ? [] : [time(expiresAtMs)],
    mentionNamed(mayApprove),
  );
  return { ...line, asks: { kind: 'approval', plan } };
}

/** An action by what it does; one that is not in view any more by its id. */
const titleIn = ({ actions }: Incident, actionId: string): string =>
  actions.find((action) => action.actionId === actionId)?.title ?? `Action ${actionId}`;

/** Good news comes with the verdict; what turns bad or unknown is told at once. */
function toneOf({ workload, alert, metric }: ActionSampled['sample']): Tone | null {
  const kinds = [workload.kind, alert.kind, metric.kind];
  if (kinds.includes('bad')) return 'bad';
  return kinds.includes('unknown') ? 'warning' : null;
}

const tones: Readonly<Record<ActionEnded['state'], Tone>> = {
  shadow: 'plain',
  done: 'good',
  verified: 'good',
  failed: 'bad',
  unverified: 'warning',
  refused: 'warning',
  denied: 'plain',
  expired: 'plain',
  cancelled: 'plain',
};

const isAlarm = ({ state, wasApplied }: ActionEnded): boolean =>
  wasApplied && (state === 'failed' || state === 'unverified');

const followUps = ({ followUps: left }: ActionEnded): Phrase =>
  left.map((followUp) => text(`\nStill to do: ${followUpText(followUp)}`));
