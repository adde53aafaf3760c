import { plainText } from '../../domain/shared/plain-text.ts';
import { maxFirstLineCodePoints, maxMessageBytes, maxSubjectLength } from './limits.ts';

/** A message as SNS takes it. */
export interface SnsMessage {
  readonly subject: string;
  readonly text: string;
}

/**
 * Fits a message to SNS by cutting at characters: a subject of one line of printable ASCII, where
 * accents are dropped and other characters become `?`, and a text that is never empty and whose
 * first line fits a text message. A first line that was cut stands whole below. Total.
 */
export function snsMessage(message: SnsMessage): SnsMessage {
  const subject = asciiSubject(message.subject);
  const [first = '', ...rest] = message.text.toWellFormed().split('\n');
  const shown = plainText(first, maxFirstLineCodePoints);
  const lines = shown === first.trim() ? [shown, ...rest] : [shown, first, ...rest];
  const text = lines.join('\n').trim();
  return { subject, text: fitBytes(text === '' ? subject : text, maxMessageBytes) };
}

function asciiSubject(subject: string): string {
  const ascii = plainText(subject, subject.length)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
  if (ascii === '') return 'Tocsin';
  return ascii.length <= maxSubjectLength ? ascii : `${ascii.slice(0, maxSubjectLength - 3)}...`;
}

/** At most so many bytes of UTF-8, with an ellipsis where it was cut. */
function fitBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= maxBytes) return text;
  const ellipsis = '…';
  let end = maxBytes - Buffer.byteLength(ellipsis);
  // A continuation byte (10xxxxxx) belongs to the character before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}${ellipsis}`;
}
