import { firingAtSource } from '../../domain/incident/declared.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { TargetPolicy } from '../../domain/policy/action-policy.ts';
import type { TenantPolicy } from '../../domain/policy/policy.ts';
import {
  confirmation,
  plainObject,
  type ActionsBlock,
  type ButtonElement,
  type Confirmation,
  type OverflowElement,
} from './blocks.ts';
import { openActions } from './card-work.ts';
import { slackLimits } from './limits.ts';
import { shown } from './mrkdwn.ts';
import { blockIdOf, buttonValue, menuName, ownId } from './target.ts';

/** What a button or an entry of the menu says, by the verb it stands for. */
type Act = readonly [verb: string, label: string];

const menus: Readonly<Record<Incident['state'], readonly Act[]>> = {
  triggered: [
    ['resolve', 'Resolve'],
    ['severity', 'Change severity…'],
    ['assign', 'Assign a role…'],
    ['page', 'Page somebody…'],
    ['escalate', 'Escalate to the next level'],
  ],
  acknowledged: [
    ['unack', 'Give it back'],
    ['severity', 'Change severity…'],
    ['assign', 'Assign a role…'],
    ['page', 'Page somebody…'],
    ['escalate', 'Escalate to the next level'],
  ],
  resolved: [
    ['timeline', 'Timeline'],
    ['update', 'Last update…'],
  ],
};

/** Few buttons, the next step first; all else is in the menu. They name the state they were for. */
export const actionsFor = (incident: Incident, tenant: TenantPolicy): ActionsBlock => ({
  type: 'actions',
  block_id: blockIdOf(incident),
  elements: [...buttonsFor(incident), ...workButtons(incident, tenant), menuFor(incident)],
});

/** What can be done to targets, what waits to be approved, and the steps that people take. */
function workButtons(incident: Incident, { actions }: TenantPolicy): readonly ButtonElement[] {
  const button = buttonOf(incident);
  const isOpen = incident.state !== 'resolved';
  const waiting = openActions(incident).find(({ state }) => state === 'proposed');
  return [
    ...(waiting === undefined
      ? []
      : [
          {
            ...button(['plan', 'Look at the plan…']),
            value: buttonValue(incident, `${waiting.actionId} ${waiting.planHash}`),
          },
        ]),
    ...(isOpen && actions.targets.some((target) => isOf(target, incident))
      ? [button(['act', 'Roll back, scale…'])]
      : []),
    ...(isOpen && incident.checklists.length > 0 ? [button(['steps', 'Checklist…'])] : []),
  ];
}

function buttonsFor(incident: Incident): readonly ButtonElement[] {
  const button = buttonOf(incident);
  switch (incident.state) {
    case 'triggered':
      return [
        { ...button(['ack', 'Acknowledge']), style: 'primary' },
        button(['update', 'Update…']),
        button(['note', 'Note…']),
      ];
    case 'acknowledged':
      return [
        { ...button(['resolve', 'Resolve']), style: 'primary', confirm: confirmResolve(incident) },
        button(['update', 'Update…']),
        button(['note', 'Note…']),
      ];
    case 'resolved':
      return [
        { ...button(['reopen', 'Reopen']), confirm: confirmReopen(incident) },
        button(['postmortem', 'Post-mortem']),
        button(['note', 'Note…']),
      ];
  }
}

/** What serves several services may be to blame for any of them. */
const isOf = ({ service }: TargetPolicy, incident: Incident): boolean =>
  service === null || service === incident.service || incident.services.includes(service);

const buttonOf =
  (incident: Incident) =>
  ([verb, label]: Act): ButtonElement => ({
    type: 'button',
    action_id: ownId(verb),
    text: plainObject(label, slackLimits.buttonLength),
    value: buttonValue(incident),
  });

const menuFor = ({ state }: Incident): OverflowElement => ({
  type: 'overflow',
  action_id: ownId(menuName),
  options: menus[state].map(([verb, label]) => ({
    text: plainObject(label, slackLimits.optionLength),
    value: verb,
  })),
});

/** A thumb slips: what ends or begins an alarm asks once more. */
const confirmResolve = (incident: Incident): Confirmation =>
  confirmation('Resolve it?', {
    text:
      firingAtSource(incident) > 0
        ? `Alerts that still fire: ${firingAtSource(incident)}. ${shown(incident.title)}`
        : shown(incident.title),
    act: 'Resolve',
  });

const confirmReopen = (incident: Incident): Confirmation =>
  confirmation('Reopen it?', {
    text: `It pages again. ${shown(incident.title)}`,
    act: 'Reopen',
  });
