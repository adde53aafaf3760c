import { member, numberOf, recordOf, textOf } from '../codec/fields.ts';
import type { JsonObject } from '../domain/shared/json.ts';
import { describeSpan, durationMs } from '../domain/shared/time.ts';
import { instantOf, recordsOf, shown, textsOf } from './answer.ts';
import type { Paint } from './terminal.ts';

/** What the text is made for. */
export interface Reader {
  readonly paint: Paint;
  readonly nowMs: number;
}

/** A plan as a person reads it at night: what becomes different first, the hash with it. */
export function planBlock(action: JsonObject, { paint }: Reader): string {
  const text = recordOf(action, 'planText');
  const parts = recordsOf(text, 'parts').map((part) => {
    const lines = textsOf(part, 'lines').map((line) => `    ${line}\n`);
    return `  ${paint.bold(shown(part, 'name'))}\n${lines.join('')}`;
  });
  return `${paint.bold(shown(text, 'title'))}  plan ${shown(text, 'hash')}\n${parts.join('')}`;
}

/** How many approve, who they are, and until when. */
export function approvalLine(action: JsonObject, { nowMs }: Reader): string {
  const approvals = recordsOf(action, 'approvals');
  const needed = numberOf(action, 'approvalsNeeded') ?? 0;
  const names = approvals.map((approval) => shown(recordOf(approval, 'by'), 'name'));
  const by = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const endsMs = instantOf(action, 'expiresAt');
  const isOpen = instantOf(action, 'endedAt') === null;
  const rest =
    endsMs === null || !isOpen
      ? ''
      : endsMs > nowMs
        ? `, ends in ${describeSpan(durationMs(endsMs - nowMs))}`
        : ', its time is over';
  const noun = needed === 1 ? 'approval' : 'approvals';
  return `${approvals.length} of ${needed} ${noun}${by}${rest}`;
}

/** Two or three lines about an action: state and approvals, what it is, how it ended. */
export function actionRow(action: JsonObject, reader: Reader): string {
  const { paint } = reader;
  const state = shown(action, 'state');
  const isWaiting = state === 'proposed' || state === 'approved';
  const facts = [
    paintState(state, paint),
    isWaiting ? approvalLine(action, reader) : '',
    originOf(action),
    `incident ${shown(action, 'incident')}`,
  ].filter((fact) => fact !== '');
  const more = ['outcome', 'waitingFor'].map((name) => shown(action, name)).filter(Boolean);
  return (
    `${paint.bold(shown(action, 'id'))}  ${facts.join(' · ')}\n` +
    `  ${shown(action, 'title')}\n` +
    more.map((text) => `  ${paint.dim(text)}\n`).join('')
  );
}

function originOf(action: JsonObject): string {
  const origin = recordOf(action, 'origin');
  return textOf(origin, 'kind') === 'runbook'
    ? `runbook ${shown(origin, 'runbook')} (${shown(origin, 'mode')})`
    : shown(recordOf(origin, 'by'), 'name');
}

/** The word of a state in the colour of it. */
export function paintState(state: string, paint: Paint): string {
  if (state === 'verified') return paint.green(state);
  if (state === 'failed' || state === 'unverified' || state === 'uncertain')
    return paint.red(state);
  return state === 'proposed' ? paint.yellow(state) : state;
}

/** An action whole: its plan, what happened, how it ended. */
export function wholeAction(action: JsonObject, reader: Reader): string {
  const { paint } = reader;
  const plan =
    textOf(recordOf(action, 'planText'), 'title') === '' ? '' : planBlock(action, reader);
  const story = recordsOf(action, 'timeline').map((entry) => {
    const reason = shown(entry, 'reason');
    const why = reason === '' ? '' : paint.dim(`\n    ${reason}`);
    return `  ${paint.dim(shown(entry, 'at'))}  ${shown(entry, 'text')}${why}\n`;
  });
  return [actionRow(action, reader), plan, `${paint.bold('What happened')}\n${story.join('')}`]
    .filter((part) => part !== '')
    .join('\n');
}

/** The kill switch in a line; empty while it is off. */
export const haltLine = (halt: JsonObject, paint: Paint): string =>
  member(halt, 'on') === true
    ? `${paint.red('HALTED')} by ${shown(halt, 'by')} at ${shown(halt, 'at')}: ${shown(halt, 'reason')}\n` +
      `${paint.dim('Nothing starts; `npx tocsin halt --off --reason ...` lifts it.')}\n`
    : '';
