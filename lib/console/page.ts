import { createHash } from 'node:crypto';
import type { HtmlPage } from '../codec/http-response.ts';
import type { EpochMs } from '../domain/shared/time.ts';
import { html, inlineCode, type Html, type SafeUrl } from './html.ts';
import { liveScript } from './live-script.ts';
import { style } from './style.ts';

/** What a page of the console shows inside its frame. */
export interface Shown {
  readonly title: string;
  readonly tenant: string;
  /** Where the name of the console leads; null when the reader may see only this page. */
  readonly home: SafeUrl | null;
  readonly content: Html;
  /** Names what is shown: equal tags, equal content. Null for a page that never changes. */
  readonly tag: string | null;
  readonly nowMs: EpochMs;
}

const sourceOf = (code: string): string =>
  `'sha256-${createHash('sha256').update(code, 'utf8').digest('base64')}'`;

const styleSource = sourceOf(style);
const scriptSource = sourceOf(liveScript);

/** The whole document. Style and script are inline and allowed by their digests alone. */
export function consolePage(shown: Shown): HtmlPage {
  const isLive = shown.tag !== null;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link
          rel="icon"
          href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='4' fill='%23b3141b'/%3E%3C/svg%3E"
        />
        <title>${shown.title}</title>
        ${inlineCode('style', style)}
        ${isLive ? html`<noscript><meta http-equiv="refresh" content="30" /></noscript>` : null}
      </head>
      <body>
        <header class="top">${nameOf(shown.home)} <bdi class="tenant">${shown.tenant}</bdi></header>
        <p id="contact" role="status"></p>
        <main id="live" data-tag="${shown.tag ?? ''}" data-now="${shown.nowMs}">
          ${shown.content}
        </main>
        ${isLive ? inlineCode('script', liveScript) : null}
      </body>
    </html> `;
  return {
    html: document.text,
    styleSources: [styleSource],
    scriptSources: isLive ? [scriptSource] : [],
  };
}

const nameOf = (home: SafeUrl | null): Html =>
  home === null
    ? html`<span class="name">Tocsin</span>`
    : html`<a id="home" class="name" href="${home}">Tocsin</a>`;
