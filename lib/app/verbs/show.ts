import type { IncidentVerb } from './verb.ts';

/** One incident as it stands. */
export const show: IncidentVerb = {
  name: 'show',
  aliases: ['s', 'info'],
  usage: '',
  summary: 'One incident as it stands',
  right: 'read',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: ({ incident }) => Promise.resolve({ kind: 'card', lead: '', incident }),
};
