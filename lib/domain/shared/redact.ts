/**
 * How well-known credentials look, each by a prefix or frame that nothing else has. None starts
 * inside of what it could have matched from further left, so that no text makes them slow.
 */
const formats: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'private key',
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[^])*(?:-----END [A-Z ]{0,40}-----)?/g,
  ],
  ['AWS access key', /(?<![\w-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g],
  ['GitHub token', /(?<![\w-])(?:gh[oprsu]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})/g],
  ['GitLab token', /(?<![\w-])gl(?:pat|dt|rt|ptt|soat)-[\w-]{20,255}/g],
  ['Slack token', /(?<![\w-])x(?:ox[abceoprs]|app)-[\w-]{10,255}/g],
  ['Slack webhook', /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{8,255}/gi],
  ['Google API key', /(?<![\w-])AIza[\w-]{35}/g],
  ['Google token', /(?<![\w-])ya29\.[\w.-]{20,2048}/g],
  ['Stripe key', /(?<![\w-])(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,255}/g],
  ['npm token', /(?<![\w-])npm_[A-Za-z0-9]{36}\b/g],
  ['SendGrid key', /(?<![\w-])SG\.[\w-]{16,64}\.[\w-]{16,64}/g],
  ['API key', /(?<![\w-])sk-[A-Za-z0-9][\w-]{19,255}/g],
  ['JWT', /(?<![\w-])eyJ[\w-]{8,4096}\.[\w-]{8,8192}(?:\.[\w-]{0,2048})?/g],
];

/** Credentials that only their surroundings give away: what stands before them stays. */
const surroundings: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['password', /(\b[a-z][a-z0-9+.-]{1,31}:\/\/[^\s/?#@:]{0,255}:)[^\s/?#@]{1,255}(?=@)/gi],
  ['credential', /(\b(?:Bearer|Basic) +)[A-Za-z0-9+/=._~-]{16,4096}/gi],
  [
    'credential',
    /((?:password|passwd|secret|token|credential|api[_-]?key|access[_-]?key|routing[_-]?key)["']?\s{0,2}[=:]\s{0,2}["']?)[^\s"'&,;|<>()[\]{}]{6,2048}/gi,
  ],
];

/**
 * The text with everything that looks like a credential replaced by what it was, for text that
 * leaves the system. A label or a note can hold one; the log in the table keeps what came. A
 * secret without a known form and without a telling name before it cannot be recognised.
 */
export function redact(text: string): string {
  const named = formats.reduce(
    (shown, [name, pattern]) => shown.replace(pattern, `[redacted ${name}]`),
    text,
  );
  return surroundings.reduce(
    (shown, [name, pattern]) => shown.replace(pattern, `$1[redacted ${name}]`),
    named,
  );
}

/** A value as JSON knows them with every text in it redacted; names of members stay. */
export function redactAll<Value>(value: Value): Value {
  // Each branch gives what it was given: a text, a list, or a record of the same members.
  return redactValue(value) as Value;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(redactValue);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactValue(member)]),
  );
}
