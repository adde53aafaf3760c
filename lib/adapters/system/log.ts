import type { Clock, Log } from '../../ports/system.ts';

type Level = 'info' | 'warn' | 'error';

/** Names of fields whose value is never written, whatever it is. */
const secretName =
  /secret|token|passw|authori[sz]ation|credential|cookie|signature|(api|routing|signing|access|private).?key/i;

/** Values that give a secret away under any name: bearer and basic headers, URLs with a query. */
const secretValue =
  /\b(bearer|basic)\s+[\w.~+/=-]{8,}|([?&][\w.-]*(token|key|secret|sig)[\w.-]*=)[^&\s"]+/gi;

const maxTextLength = 2000;
const maxDepth = 5;
const maxMembers = 50;

/**
 * One JSON object a line: time, level, message, then the fields. What looks like a secret is
 * replaced by `[redacted]`, bytes by their length, an error by its name, message and causes.
 */
export function createJsonLog(deps: {
  readonly clock: Pick<Clock, 'now'>;
  readonly write: (line: string) => void;
  /** On every line, for example the function's name. */
  readonly base?: Readonly<Record<string, unknown>>;
}): Log {
  const at =
    (level: Level): Log['info'] =>
    (message, fields = {}) => {
      deps.write(lineOf({ ...deps.base, ...fields }, { deps, level, message }));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function lineOf(
  fields: Readonly<Record<string, unknown>>,
  head: { deps: { clock: Pick<Clock, 'now'> }; level: Level; message: string },
): string {
  const time = new Date(head.deps.clock.now()).toISOString();
  const first = { time, level: head.level, message: safeText(head.message) };
  try {
    return JSON.stringify({ ...first, ...safeMembers(fields, 0), ...first });
  } catch {
    // A getter or toJSON of somebody else's object threw: the line still comes.
    return JSON.stringify({ ...first, fields: '[unprintable]' });
  }
}

function safeMembers(value: object, depth: number): Record<string, unknown> {
  const members = Object.entries(value).slice(0, maxMembers);
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      secretName.test(name) ? '[redacted]' : safe(member, depth + 1),
    ]),
  );
}

function safe(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'object' && value !== null ? safeObject(value, depth) : value;
}

function safeObject(value: object, depth: number): unknown {
  if (depth > maxDepth) return '[deeper]';
  if (value instanceof Error) return safeError(value, depth);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxMembers).map((item) => safe(item, depth + 1));
  return safeMembers(value, depth);
}

function safeError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: safeText(error.message),
    ...(error.stack === undefined ? {} : { stack: safeText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: safe(error.cause, depth + 1) }),
  };
}

function safeText(text: string): string {
  const cut = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}[cut]` : text;
  return cut.replace(secretValue, (_all, scheme?: string, name?: string) =>
    name === undefined ? `${scheme ?? ''} [redacted]` : `${name}[redacted]`,
  );
}
