import { describe, expect, it } from 'vitest';
import { ownPath } from '../../../../lib/console/html.ts';
import { renderMrkdwn, type Names } from '../../../../lib/local/sandbox/slack/view/mrkdwn.ts';

const names: Names = {
  userName: (id) => (id === 'U1' ? 'Ada' : undefined),
  channelName: (id) => (id === 'C1' ? 'incidents' : undefined),
  channelLink: (id) => ownPath(`/sandbox/slack?channel=${id}`),
  readerId: 'U2',
};

/** The markup, without the white space that stands only inside of tags. */
const shown = (text: string): string =>
  renderMrkdwn(text, names).text.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/\s+/g, ' ').replace(' >', '>'),
  );

describe('mrkdwn in the view', () => {
  it.each([
    ['*bold* _italic_ ~struck~', '<strong>bold</strong> <em>italic</em> <s>struck</s>'],
    ['*bold _both_*', '<strong>bold <em>both</em></strong>'],
    ['`code *not bold*`', '<code>code *not bold*</code>'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* no * bold', '* no * bold'],
    ['*open\nend*', '*open\nend*'],
    ['a &lt;b&gt; &amp;amp; "c"', 'a &lt;b&gt; &amp;amp; &quot;c&quot;'],
    ['<b>', 'b'],
    [':rotating_light: :nope:', '🚨 :nope:'],
  ])('%j', (text, html) => {
    expect(shown(text)).toBe(`<span>${html}</span>`);
  });

  it.each([
    ['<@U1>', '<span class="mention">@Ada</span>'],
    ['<@U2>', '<span class="mention me">@U2</span>'],
    ['<@U3|Bob>', '<span class="mention">@Bob</span>'],
    ['<#C1>', '<a href="/sandbox/slack?channel=C1">#incidents</a>'],
    ['<!channel>', '<span class="mention me">@channel</span>'],
    ['<!subteam^S1|@payments>', '<span class="mention me">@payments</span>'],
    [
      '<https://example.com/a?b=1&amp;c=2|Run &amp; book>',
      '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">Run &amp; book</a>',
    ],
    ['<javascript:alert(1)|click>', 'click (javascript:alert(1))'],
  ])('shows what %j would ping or lead to', (text, html) => {
    expect(shown(text)).toBe(`<span>${html}</span>`);
  });

  it('leaves the time to the reader’s own clock', () => {
    expect(shown('<!date^1800000000^{time} ({ago})|15:20 UTC>')).toBe(
      '<span><time datetime="2027-01-15T08:00:00.000Z" data-date="1800000000000" ' +
        'data-format="{time} ({ago})">15:20 UTC</time></span>',
    );
  });

  it('makes links of bare addresses, unless the text is verbatim', () => {
    const text = 'see https://example.com/x.';

    expect(shown(text)).toContain('<a href="https://example.com/x"');
    expect(renderMrkdwn(text, names, { isVerbatim: true }).text).toBe(`<span>${text}</span>`);
  });

  it('keeps quotations and fences together', () => {
    expect(shown('a\n&gt; b\n&gt; c\nd')).toBe(
      '<span>a</span><blockquote>b\nc</blockquote><span>d</span>',
    );
    expect(shown('a ```*x*\n<@U1>``` b')).toBe(
      '<span>a </span><pre>*x*\n&lt;@U1&gt;</pre><span> b</span>',
    );
    expect(shown('an open ```fence')).toBe('<span>an open </span><span>fence</span>');
  });
});
