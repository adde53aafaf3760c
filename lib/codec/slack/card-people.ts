import { roleNames, type RoleName } from '../../domain/incident/coordination.ts';
import type { Principal } from '../../domain/incident/principal.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { instant, joined, newline, strong, words, type Piece } from './mrkdwn.ts';

const titles: Readonly<Record<RoleName, string>> = {
  commander: 'Commander',
  communications: 'Communications',
  scribe: 'Scribe',
  expert: 'Experts',
};

/** Who has it, and who does what. Names, not mentions: nobody is called by a card. */
export function peoplePieces(incident: Incident): readonly Piece[] {
  const held = roleNames.flatMap((role) => {
    const names = incident.roles
      .filter((each) => each.role === role)
      .map(({ person }) => person.name);
    return names.length === 0
      ? []
      : [[strong(titles[role]), words(` ${names.join(', ')}`)] as const];
  });
  const lines = [
    holderPieces(incident),
    ...(held.length === 0 ? [] : [joined(held, words(' · '))]),
  ];
  return joined(lines, newline);
}

function holderPieces(incident: Incident): readonly Piece[] {
  switch (incident.state) {
    case 'triggered':
      return [strong('Nobody has it yet.'), words(pageWords(incident))];
    case 'acknowledged':
      return [
        strong('Taken by'),
        words(` ${nameOf(incident.acknowledgedBy)} `),
        instant(incident.acknowledgedAtMs),
      ];
    case 'resolved':
      return [
        strong('Resolved by'),
        words(` ${nameOf(incident.resolvedBy)} `),
        instant(incident.resolvedAtMs),
      ];
  }
}

/** Whether somebody was woken; empty while nobody need be told. */
function pageWords({ trigger, fallbackAskedAtMs }: Incident): string {
  const second = fallbackAskedAtMs === null ? '' : '; the second channel was asked too';
  const said: Readonly<Record<Incident['trigger'], string>> = {
    none: '',
    requested: ' The page is on its way',
    accepted: ' PagerDuty is calling',
    superseded: ' PagerDuty calls for a summary with this in it',
    failed: ' The page was not taken: nobody may know',
  };
  return said[trigger] === '' ? '' : `${said[trigger]}${second}.`;
}

/** Somebody or something, in a word. */
export function nameOf(by: Principal): string {
  switch (by.kind) {
    case 'person':
      return by.name;
    case 'source':
      return `its source, ${by.sourceId},`;
    case 'system':
      return 'Tocsin';
  }
}
