import { describeSpan, toIso, type DurationMs, type EpochMs } from '../shared/time.ts';
import { updateText } from '../incident/decide-coordination.ts';
import { roleTitles } from '../incident/decide-roles.ts';
import { describePrincipal } from '../incident/principal.ts';
import { escapeMarkdown as safe } from './escape-markdown.ts';
import { actionsMarkdown } from './markdown-actions.ts';
import type { ClockRecord } from './clock-records.ts';
import type { Postmortem } from './postmortem.ts';

/**
 * The post-mortem as Markdown: what the log knows, then the sections that people fill in. Every
 * text from outside is escaped and never stands at the start of a line. Equal projections give
 * equal bytes.
 */
export function postmortemMarkdown(postmortem: Postmortem): string {
  const { incident } = postmortem;
  const sections = [
    `# Post-mortem: ${safe(incident.title)}`,
    facts(postmortem),
    section('Summary', summary(postmortem)),
    section('Impact', impact(postmortem)),
    section('Service levels', serviceLevels(postmortem)),
    section('Roles', roles(postmortem)),
    section('Who did what', people(postmortem)),
    section('Updates', updates(postmortem)),
    section('Actions', actionsMarkdown(postmortem)),
    section('Links', links(postmortem)),
    section('Timeline', timeline(postmortem)),
    section('What went well', prompt('What made this shorter or smaller than it could have been?')),
    section('What went wrong', prompt('What made it longer, wider, or harder to understand?')),
    section('Root cause', prompt('What had to be true for this to happen? Keep asking why.')),
    section('Action items', actionItems),
    provenance(postmortem),
  ];
  return `${sections.join('\n\n')}\n`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

const section = (title: string, body: string): string => `## ${title}\n\n${body}`;
const prompt = (question: string): string => `_${question}_`;
const actionItems = '| What | Who | By when |\n| --- | --- | --- |\n|  |  |  |';

const instant = (at: EpochMs | null): string => (at === null ? 'not yet' : toIso(at));
const span = (length: DurationMs | null): string =>
  length === null ? 'never' : describeSpan(length);

function facts({ incident, openedAtMs, resolvedAtMs, ...times }: Postmortem): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Incident', safe(incident.id)],
    ['Severity', `${incident.severity}, ${safe(incident.severityReason.text)}`],
    ['Service', safe(incident.service) || 'unknown'],
    ['Team', safe(incident.team) || 'unknown'],
    ['Environment', safe(incident.environment) || 'unknown'],
    ['Opened', instant(openedAtMs)],
    ['Resolved', instant(resolvedAtMs)],
    ['Time to page', span(times.timeToPageMs)],
    ['Time to acknowledge', span(times.timeToAcknowledgeMs)],
    ['Time to resolve', span(times.timeToResolveMs)],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  );
}

function summary({ incident, timeToResolveMs }: Postmortem): string {
  const what = incident.summary === '' ? incident.title : incident.summary;
  const lasted =
    timeToResolveMs === null ? 'It is still open.' : `It lasted ${describeSpan(timeToResolveMs)}.`;
  return `What the first alert said: ${safe(what)}\n\n${lasted}`;
}

function impact({ incident }: Postmortem): string {
  const services = incident.services.map((service) => safe(service)).join(', ') || 'unknown';
  return [
    `- Services with alerts: ${services}`,
    `- Alerts: ${incident.totals.alerts}, in ${count(incident.totals.episodes, 'episode')}`,
    `- Reopened: ${incident.reopenCount === 0 ? 'never' : count(incident.reopenCount, 'time')}`,
    '',
    prompt('What did users see, how many of them, and for how long?'),
  ].join('\n');
}

function serviceLevels({ clocks }: Postmortem): string {
  return [
    '| Clock | Severity | Target | Deadline | Outcome | Took |',
    '| --- | --- | --- | --- | --- | --- |',
    ...clocks.map(
      (clock) =>
        `| ${clock.clock} ${clock.version} | ${clock.severity} | ${describeSpan(clock.targetMs)} | ` +
        `${toIso(clock.deadlineAtMs)} | ${outcome(clock)} | ${span(clock.elapsedMs)} |`,
    ),
  ].join('\n');
}

function outcome({ isBreached, isBreachWithdrawn, outcome: ended }: ClockRecord): string {
  if (isBreachWithdrawn) return `${ended}; its breach was withdrawn`;
  if (isBreached) return ended === 'running' ? '**breached**' : `**breached**, then ${ended}`;
  return ended;
}

function people({ people: records }: Postmortem): string {
  if (records.length === 0) return 'Nobody acted on it.';
  return records
    .map(({ name, did }) => `- ${safe(name)}: ${did.map((deed) => safe(deed)).join(', ')}`)
    .join('\n');
}

function roles({ roles: records }: Postmortem): string {
  if (records.length === 0) return 'Nobody had a role.';
  return records
    .map(({ role, name, fromMs, untilMs }) => {
      const until = untilMs === null ? '' : ` until ${toIso(untilMs)}`;
      return `- ${roleTitles[role]}: ${safe(name)}, from ${toIso(fromMs)}${until}`;
    })
    .join('\n');
}

function updates({ updates: records }: Postmortem): string {
  if (records.length === 0) return 'Stakeholders were told nothing.';
  return records
    .map(({ atMs, by, ...texts }) => {
      const told = updateText({ ...texts, nextDueAtMs: null }).replaceAll('\n', '. ');
      return `- ${toIso(atMs)} ${safe(describePrincipal(by))}: ${safe(told)}`;
    })
    .join('\n');
}

/** Addresses as text: what a person added is no more to be trusted than any other text. */
function links({ incident: { addedLinks, postmortem } }: Postmortem): string {
  const url = postmortem?.url ?? null;
  const named = [...addedLinks, ...(url === null ? [] : [{ title: 'Post-mortem', url }])];
  if (named.length === 0) return 'Nobody added any.';
  return named.map(({ title, url }) => `- ${safe(title)}: ${safe(url)}`).join('\n');
}

function timeline({ timeline: entries }: Postmortem): string {
  return entries
    .map(({ atMs, text, reason }) => {
      const why = reason === null || reason === '' ? '' : `. Why: ${safe(reason)}`;
      return `- ${toIso(atMs)} ${safe(text)}${why}`;
    })
    .join('\n');
}

const provenance = ({ incident, upToSeq, chainHead }: Postmortem): string =>
  `_Made from events 1 to ${upToSeq} of incident ${safe(incident.id)}, chain head ` +
  `\`${chainHead.slice(0, 16)}\`, policy ${safe(incident.policyVersion)}._`;
