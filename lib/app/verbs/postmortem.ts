import { text, time, type Phrase } from '../../domain/announce/phrase.ts';
import type { Incident } from '../../domain/incident/state.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import type { IncidentCall, IncidentVerb } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** What was learned: where it is, when it is due, and that it is done. */
export const postmortem: IncidentVerb = {
  name: 'postmortem',
  aliases: ['pm'],
  usage: '[done [https://…]]',
  summary: 'Where it is, whether it is done',
  // An id may come before it.
  right: (args) => (/\bdone\b/.test(args) ? 'respond' : 'read'),
  subject: 'incident',
  among: 'closed',
  isProse: false,
  heedsStamp: false,
  run: async (call) => {
    const { word, rest } = firstWord(call.args);
    if (word === '') return tell(call);
    if (word !== 'done') return refused(`${quoted(word)} is unknown here: \`postmortem done\`.`);
    return complete(call, rest);
  },
};

async function tell({ deps, tenant, incident }: IncidentCall): Promise<VerbReply> {
  const page = await deps.consoleUrl(tenant.id, incident.id);
  const url = `${page}${page.includes('?') ? '&' : '?'}view=postmortem`;
  const draft: Phrase = [{ kind: 'link', title: 'Draft, made of the timeline', url }];
  return {
    kind: 'lines',
    title: `Post-mortem of ${incident.id}`,
    lines: [draft, ...standing(incident)],
  };
}

function standing({ postmortem: written, postmortemDueAtMs }: Incident): readonly Phrase[] {
  if (written === null) {
    return postmortemDueAtMs === null ? [] : [[text('Due '), time(postmortemDueAtMs)]];
  }
  const done: Phrase = [text('Done '), time(written.atMs)];
  const { url } = written;
  return url === null ? [done] : [done, [{ kind: 'link', title: 'As written', url }]];
}

async function complete(call: IncidentCall, address: string): Promise<VerbReply> {
  const url = address === '' ? null : URL.parse(address);
  if (address !== '' && url?.protocol !== 'https:') {
    return refused(`${quoted(address)} is no https address: \`postmortem done https://…\`.`);
  }
  return carryOut(
    call,
    { kind: 'complete-postmortem', by: call.by, url: url?.href ?? null },
    ({ id }) => `The post-mortem of ${id} is done.`,
  );
}
