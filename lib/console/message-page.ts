import type { HtmlPage } from '../codec/http-response.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { html } from './html.ts';
import { consolePage } from './page.ts';

/** Why there is nothing to see. It says the same for a link that ended and one that never was. */
export type Message = 'no-access' | 'not-found' | 'unavailable';

const texts: Readonly<
  Record<Message, { readonly title: string; readonly lines: readonly string[] }>
> = {
  'no-access': {
    title: 'This link does not open anything',
    lines: [
      'It has ended, or it was not copied whole. Each link to the console ends after seven days.',
      'For a new one, open the incident in PagerDuty: its page carries one. Or ask for one in a ' +
        'terminal: tocsin show with the id of the incident, or tocsin incidents for all of them.',
    ],
  },
  'not-found': {
    title: 'There is no such incident',
    lines: ['Check the id, or look for it among all incidents with tocsin incidents.'],
  },
  unavailable: {
    title: 'The incidents cannot be read at the moment',
    lines: [
      'Load this page again in a few seconds. Alerts are taken and pages are sent meanwhile.',
    ],
  },
};

/** A page that says why there is nothing, and what to do. */
export function messagePage(message: Message, nowMs: EpochMs): HtmlPage {
  const { title, lines } = texts[message];
  return consolePage({
    title: `${title} · Tocsin`,
    tenant: '',
    home: null,
    tag: null,
    nowMs,
    content: html`<h1>${title}</h1>
      ${lines.map((line) => html`<p>${line}</p>`)}`,
  });
}
