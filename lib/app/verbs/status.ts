import { progressSteps } from '../../domain/incident/coordination.ts';
import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';
import { either, firstWord, quoted } from './words.ts';

/** How far the people are. */
export const status: IncidentVerb = {
  name: 'status',
  aliases: ['st'],
  usage: 'investigating|identified|monitoring [text]',
  summary: 'How far you are',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: false,
  heedsStamp: false,
  run: async (call) => {
    const { by, tenant, incident } = call;
    const { word, rest } = firstWord(call.args);
    const wanted = word.toLowerCase();
    // Three letters tell them apart, and a phone at night is no place for long words.
    const to = progressSteps.find((step) => wanted.length >= 3 && step.startsWith(wanted));
    if (to === undefined) {
      const now = incident.progress === null ? 'nobody has told yet' : `now ${incident.progress}`;
      const said = word === '' ? 'Say how far you are' : `${quoted(word)} is no status`;
      return refused(`${said}: ${either(progressSteps)} (${now}).`);
    }
    return carryOut(
      call,
      { kind: 'set-progress', to, by, text: proseOf(rest, tenant.people) },
      ({ id }) => `${id} is ${to}.`,
    );
  },
};
