import { describeSpan } from '../shared/time.ts';
import { holdersOf, leadsOf, personIds, whoActed } from './persons.ts';
import { bold, text, time, type Phrase } from './phrase.ts';
import { because, told, type Tellers } from './telling.ts';
import { hurried } from './told-clocks.ts';

/** A part of an update under its name; nothing for one that is empty. */
const part = (name: string, words: string): Phrase =>
  words === '' ? [] : [text('\n'), bold(`${name}: `), text(words)];

export const coordinationTellers: Tellers = {
  'progress.changed': ({ to, by, text: words }) =>
    told('plain', 'Now ', [bold(to)], `, says ${whoActed(by)}${because(words)}`),
  'role.assigned': ({ role, person, by }, { mention }) => {
    const isOwnAct = personIds(by).includes(person.id);
    if (isOwnAct) return told('plain', `${person.name} is now ${role}`);
    return told('plain', `${whoActed(by)} made ${person.name} ${role}`, mention([person.id]));
  },
  'role.released': ({ role, person }) => told('plain', `${person.name} is no longer ${role}`),
  'note.added': ({ by, text: words }) => told('plain', [bold(whoActed(by))], `: ${words}`),
  'update.published': ({ by, issue, impact, actions, estimate, nextDueAtMs }) =>
    told(
      'plain',
      [bold(`Update by ${whoActed(by)}`)],
      part('Issue', issue),
      part('Impact', impact),
      part('Actions', actions),
      part('Estimate', estimate),
      nextDueAtMs === null ? [] : [text('\nNext update: '), time(nextDueAtMs)],
    ),
  'update.due': ({ dueAtMs }, { incident, mention }) => {
    const communications = holdersOf(incident, 'communications');
    const asked = communications.length > 0 ? communications : leadsOf(incident);
    return told(
      'warning',
      'Stakeholders wait for an update since ',
      [time(dueAtMs)],
      mention(asked),
    );
  },
  'link.added': ({ title, url, by }) =>
    told('plain', `${whoActed(by)} added `, [{ kind: 'link', title, url }]),
  'responder.requested': ({ person, by, message }) =>
    told('plain', `${whoActed(by)} has ${person.name} paged${because(message)}`),
  'escalation.requested': ({ by, reason }) =>
    told('warning', `${whoActed(by)} has the next level paged${because(reason)}`),
  'acknowledgement.idle': ({ sinceMs, afterMs }, telling) =>
    told(
      'bad',
      'Nobody has done anything since ',
      [time(sinceMs)],
      `: it pages again after ${describeSpan(afterMs)}`,
      hurried(telling),
    ),
  'postmortem.due': ({ dueAtMs }, { incident, mention }) => {
    const leads = leadsOf(incident);
    const asked = incident.state === 'resolved' && leads.length === 0;
    return told(
      'warning',
      'The post-mortem is due since ',
      [time(dueAtMs)],
      mention(asked ? personIds(incident.resolvedBy) : leads),
    );
  },
  'postmortem.completed': ({ by, url }) =>
    told(
      'good',
      `The post-mortem is written, says ${whoActed(by)}`,
      url === null ? [] : [text(': '), { kind: 'link', title: 'post-mortem', url }],
    ),
  'incident.closed': ({ reason }) => told('plain', `Closed${because(reason)}`),
};
