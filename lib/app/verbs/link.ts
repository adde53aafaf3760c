import { refused } from './answers.ts';
import { carryOut } from './carry-out.ts';
import { proseOf } from './find-person.ts';
import type { IncidentVerb } from './verb.ts';
import { firstWord, quoted } from './words.ts';

/** A place that the others should know. */
export const link: IncidentVerb = {
  name: 'link',
  aliases: ['ln'],
  usage: 'https://… [title]',
  summary: 'Add a graph, a ticket, a change',
  right: 'respond',
  subject: 'incident',
  among: 'open',
  isProse: true,
  heedsStamp: false,
  run: async (call) => {
    const { by, tenant } = call;
    const { word, rest } = firstWord(call.args);
    const url = httpsAddress(word);
    if (url === null) {
      const said = word === '' ? 'Say which address' : `${quoted(word)} is no https address`;
      return refused(`${said}: \`link https://… title\`.`);
    }
    const title = proseOf(rest, tenant.people) || url.host;
    return carryOut(
      call,
      { kind: 'add-link', by, title, url: url.href },
      ({ id }) => `Added to ${id}: ${title}.`,
    );
  },
};

function httpsAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url?.protocol === 'https:' ? url : null;
}
