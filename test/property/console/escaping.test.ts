import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalLink, html, inlineCode, ownPath } from '../../../lib/console/html.ts';
import { checkoutDown, createWorld } from '../../unit/api/world.ts';
import { hostile, skeleton } from './hostile.ts';

const unescaped = (text: string): string =>
  text
    .replace(/&(?:lt|gt|quot|#39|#96);/g, (entity) => signs[entity] ?? '')
    .replaceAll('&amp;', '&');
const signs: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#96;': '`',
};

const lies =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('html', () => {
  it('turns any text into text, in content and in attributes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const content = html`<p>${text}</p>`.text.slice(3, -4);
        const attribute = html`<p title="${text}"></p>`.text.slice(10, -6);
        expect(content).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/);
        expect(attribute).toBe(content);
        expect(unescaped(content)).not.toMatch(lies);
        expect(content.isWellFormed()).toBe(true);
      }),
    );
  });

  it('shows plain text as it is', () => {
    const plain = fc.string({
      unit: fc.constantFrom(...'aZ9 <>&"\'`ü漢'.split('')),
      maxLength: 40,
    });
    fc.assert(
      fc.property(plain, (text) => {
        const oneLine = text.replace(/ {2,}/g, ' ').trim();
        expect(unescaped(html`${text}`.text)).toBe(oneLine);
      }),
    );
  });

  it('takes no text for an address', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(() => html`<a href="${text}">x</a>`).toThrow('an address');
        expect(() => html`<img src="${text}" />`).toThrow('an address');
      }),
    );
    expect(() => html`<p title=${'x'}></p>`).toThrow('in quotes');
    expect(() => html`<p>${ownPath('/x')}</p>`).toThrow('an address');
    expect(() => inlineCode('script', 'x</script>')).toThrow('ends or hides it');
  });
});

describe('an address', () => {
  it('from outside is http or https, whole and without a user', () => {
    const schemes = fc.constantFrom(
      'javascript:',
      'data:',
      'vbscript:',
      'file:',
      'ftp:',
      'JaVaScRiPt:',
      '//',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          fc.tuple(schemes, hostile).map((parts) => parts.join('')),
        ),
        (text) => {
          const link = externalLink(text);
          if (link !== null) expect(link.url.text).toMatch(/^https?:\/\/[^\s"'<>@/]+/i);
        },
      ),
    );
    expect(externalLink('javascript:alert(1)')).toBeNull();
    expect(externalLink('https://user:pw@evil.example/')).toBeNull();
    expect(externalLink('https://x.example/?token=0123456789abcdef')).toBeNull();
    expect(externalLink('https://xn--80ak6aa92e.com/')?.host).toBe('xn--80ak6aa92e.com');
    expect(externalLink('https://аррӏе.com/')?.host).toBe('xn--80ak6aa92e.com');
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a b', '/a\nb', '/ü'])(
    'of our own is none: %j',
    (path) => {
      expect(() => ownPath(path)).toThrow('a path of our own');
    },
  );
});

describe('every page', () => {
  it('has the same tags whatever alerts and people say', async () => {
    const benign = await pagesWith('plain');
    await fc.assert(
      fc.asyncProperty(
        hostile.filter((text) => /\p{L}/u.test(text)),
        async (text) => {
          const pages = await pagesWith(text);
          pages.forEach((page, index) => {
            expect(skeleton(page)).toEqual(skeleton(benign[index] ?? ''));
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Front page and incident page where everything that comes from outside is this text. */
async function pagesWith(text: string): Promise<readonly string[]> {
  const world = createWorld({ isConsoleOpen: true });
  const by = { kind: 'person', via: 'pagerduty', id: text, name: text } as const;
  const raised = await world.raise(
    { ...checkoutDown, alertname: `A ${text}`, [`label ${text}`]: text },
    { annotations: { summary: `S ${text}`, description: text, runbook_url: text } },
  );
  const nowMs = world.clock.now();
  const [intent] = raised.intents;
  const acked = await world.act(raised, {
    kind: 'acknowledge',
    by,
    note: `N ${text}`,
    occurredAtMs: nowMs,
  });
  const incident = await world.act(acked, {
    kind: 'report-failed',
    intentId: acked.intents.at(-1)?.intentId ?? intent?.intentId ?? '',
    attempt: 1,
    failure: `F ${text}`,
    isRejected: false,
    retryAfterMs: 0,
    jitter: 0,
  });
  const front = await world.ask({ url: '/' });
  const page = await world.ask({ url: `/incidents/${incident.id}` });
  return [front.body, page.body].map((body) => body.replaceAll(incident.id, 'ID'));
}
