import fc from 'fast-check';

/** Text that renderers have fallen for, and any other. */
export const hostile = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><svg onload=alert(1)>',
    '</style><script>alert(1)</script>',
    '--><script>alert(1)</script><!--',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&#x3c;b&#x3e;',
    '{{constructor.constructor("alert(1)")()}}',
    '${alert(1)}',
    '`onclick=alert(1)',
    'javascript:alert(1)',
    'user\u202etxt.exe\u2066',
    'a\u0000b\u200b\ufeff\u00adc',
    'line\nbreak\r\n\u2028\u2029',
    '\ud800 lone',
    '=HYPERLINK("http://evil")',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Tags with the names of their attributes, and the values of those that do something. */
export function skeleton(page: string): readonly string[] {
  const tags = page.match(/<[^>]*>/g) ?? [];
  return tags.map((tag) => {
    const names = [...tag.matchAll(/\s([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name);
    return `${/^<\/?!?[\w-]+/.exec(tag)?.[0] ?? tag} ${names.join(' ')}`;
  });
}
