import { after, between, seconds, toIso } from '../shared/time.ts';
import { askRest } from './ask-rest.ts';
import type { Refusal } from './command.ts';
import { nextUpdateBounds, textBounds } from './coordination.ts';
import type {
  AddLink,
  AddNote,
  CompletePostmortem,
  Escalate,
  PagePerson,
  PublishUpdate,
  SetProgress,
} from './coordination-command.ts';
import type { Decision } from './decision.ts';
import { updateDueFrom } from './duty-instants.ts';
import { describePrincipal, isFromPager, isSomebody, type Principal } from './principal.ts';
import { already, notAllowed, refuseAddress, refuseLong, refuseResolved } from './refuse.ts';

/** Says how far the people are. */
export function setProgress(decision: Decision, { to, by, text }: SetProgress): Refusal | null {
  const { incident } = decision;
  const refusal = refuseResolved(incident, 'set its status') ?? refuseLong({ text });
  if (refusal !== null) return refusal;
  const from = incident.progress;
  if (from === to) return already(`The status is already ${to}; a note keeps what else there is.`);
  decision.record({ type: 'progress.changed', from, to, by, text });
  return null;
}

/** An instant this close to now is now. */
const sameInstantMs = seconds(1);

/** Keeps what somebody said, and tells PagerDuty unless it came from there. */
export function addNote(decision: Decision, { by, text, occurredAtMs }: AddNote): Refusal | null {
  if (text.trim() === '') return notAllowed('The note is empty; write what is to be kept.');
  const long = refuseLong({ note: text });
  if (long !== null) return long;
  const isEarlier = between(occurredAtMs, decision.nowMs) >= sameInstantMs;
  decision.record({ type: 'note.added', by, text, ...(isEarlier ? { occurredAtMs } : {}) });
  tellNote(decision, { by, text, isBesidePage: false });
  return null;
}

/** PagerDuty is to show what people said elsewhere. */
export function tellNote(
  decision: Decision,
  of: { readonly by: Principal; readonly text: string; readonly isBesidePage: boolean },
): void {
  const { by, isBesidePage } = of;
  if (!isSomebody(by) || isFromPager(by)) return;
  askRest(decision, { action: 'note', text: `${describePrincipal(by)}: ${of.text}`, isBesidePage });
}

/** Tells stakeholders, and says when they hear again. */
export function publishUpdate(decision: Decision, command: PublishUpdate): Refusal | null {
  const { by, issue, impact, actions, estimate, nextInMs } = command;
  const texts = { issue, impact, actions, estimate };
  const refusal = refuseLong(texts) ?? refuseEmptyUpdate(texts) ?? refuseNext(nextInMs);
  if (refusal !== null) return refusal;
  const nextDueAtMs = nextDue(decision, nextInMs);
  decision.record({ type: 'update.published', by, ...texts, nextDueAtMs });
  askRest(decision, { action: 'status-update', text: updateText({ ...texts, nextDueAtMs }) });
  return null;
}

const refuseEmptyUpdate = (texts: Readonly<Record<string, string>>): Refusal | null =>
  Object.values(texts).every((text) => text.trim() === '')
    ? notAllowed('The update is empty; say something of issue, impact, actions or estimate.')
    : null;

function refuseNext(nextInMs: PublishUpdate['nextInMs']): Refusal | null {
  const { minMs, maxMs } = nextUpdateBounds;
  if (nextInMs === null || (nextInMs >= minMs && nextInMs <= maxMs)) return null;
  const asked = Math.round(nextInMs / 60_000);
  return notAllowed(`The next update can be due in 1 min to 24 h; ${asked} min was asked for.`);
}

function nextDue(
  { incident, nowMs }: Decision,
  nextInMs: PublishUpdate['nextInMs'],
): ReturnType<typeof updateDueFrom> {
  if (incident.state === 'resolved') return null;
  return nextInMs === null ? updateDueFrom(incident, nowMs) : after(nowMs, nextInMs);
}

type UpdateTexts = Pick<PublishUpdate, 'issue' | 'impact' | 'actions' | 'estimate'>;

/** The update as one text, a line for each part that says something. */
export function updateText(
  update: UpdateTexts & { readonly nextDueAtMs: ReturnType<typeof updateDueFrom> },
): string {
  const parts: readonly (readonly [string, string])[] = [
    ['Issue', update.issue],
    ['Impact', update.impact],
    ['Actions', update.actions],
    ['Estimate', update.estimate],
    ['Next update', update.nextDueAtMs === null ? '' : toIso(update.nextDueAtMs)],
  ];
  return parts
    .filter(([, text]) => text.trim() !== '')
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n');
}

/** Asks PagerDuty to page one more person. */
export function pagePerson(decision: Decision, command: PagePerson): Refusal | null {
  const { incident } = decision;
  const { by, message } = command;
  const refusal = refuseResolved(incident, 'page somebody') ?? refuseLong({ message });
  if (refusal !== null) return refusal;
  const { pagerdutyUserId: target, id, name } = command.person;
  const isWaiting = incident.intents.some(
    ({ action, target: whom }) => action === 'responders' && whom === target,
  );
  if (isWaiting) return already(`${name} is being paged already.`);
  decision.record({ type: 'responder.requested', person: { id, name }, by, message });
  const who = describePrincipal(by);
  const text = message.trim() === '' ? `${who} asks for help` : `${who}: ${message}`;
  askRest(decision, { action: 'responders', target, text });
  return null;
}

/** Asks PagerDuty to page the next level of its escalation policy. */
export function escalate(decision: Decision, { by, reason }: Escalate): Refusal | null {
  const { incident } = decision;
  const refusal = refuseResolved(incident, 'escalate it') ?? refuseLong({ reason });
  if (refusal !== null) return refusal;
  if (incident.intents.some(({ action }) => action === 'escalate')) {
    return already('PagerDuty is being asked to escalate already.');
  }
  decision.record({ type: 'escalation.requested', by, reason });
  const who = describePrincipal(by);
  const text = reason.trim() === '' ? `escalated by ${who}` : `escalated by ${who}: ${reason}`;
  askRest(decision, { action: 'escalate', text });
  return null;
}

/** Keeps an address that belongs to the incident. */
export function addLink(decision: Decision, { by, title, url }: AddLink): Refusal | null {
  const { addedLinks } = decision.incident;
  const refusal = refuseAddress(url) ?? refuseLong({ title }, textBounds.maxTitleLength);
  if (refusal !== null) return refusal;
  const known = addedLinks.find((link) => link.url === url);
  if (known !== undefined) return already(`The incident has this link already: ${known.title}.`);
  const { maxLinks } = textBounds;
  if (addedLinks.length >= maxLinks) {
    return notAllowed(`The incident has ${maxLinks} links, and no more are kept; use a note.`);
  }
  decision.record({ type: 'link.added', title: title.trim() === '' ? url : title, url, by });
  return null;
}

/** The post-mortem is written: nobody is reminded of it any more. */
export function completePostmortem(
  decision: Decision,
  { by, url }: CompletePostmortem,
): Refusal | null {
  const { incident } = decision;
  if (incident.state !== 'resolved') {
    const message = `The incident is ${incident.state}; its post-mortem is done once it is resolved.`;
    return notAllowed(message);
  }
  const refusal = url === null ? null : refuseAddress(url);
  if (refusal !== null) return refusal;
  const { postmortem } = incident;
  if (postmortem !== null && (url === null || postmortem.url === url)) {
    return already(`The post-mortem is already done, by ${describePrincipal(postmortem.by)}.`);
  }
  decision.record({ type: 'postmortem.completed', by, url });
  return null;
}
