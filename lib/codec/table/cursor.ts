import { err, ok, type Result } from '../../domain/shared/result.ts';

/** Where a list goes on, as the index sorts it. */
export interface Cursor {
  readonly listSk: string;
  readonly id: string;
}

/** A cursor that no list of ours has given out. */
export interface BadCursor {
  readonly kind: 'bad_cursor';
  readonly reason: string;
}

const form = /^\d{15}#([A-Za-z0-9_.:@/+=-]{1,128})$/;

/** Opaque text that leads to what comes after `listSk`. Holds no tenant: that is the reader's. */
export const cursorOf = (listSk: string): string => Buffer.from(listSk).toString('base64url');

/** The place that a cursor names, or why it names none. */
export function readCursor(text: string): Result<Cursor, BadCursor> {
  const listSk = Buffer.from(text, 'base64url').toString('utf8');
  const id = form.exec(listSk)?.[1];
  if (id === undefined || cursorOf(listSk) !== text) {
    return err({
      kind: 'bad_cursor',
      reason:
        `The cursor ${JSON.stringify(text.slice(0, 60))} is not one that a list has given out. ` +
        'Pass `next` of the page before unchanged, or leave it out to start with the newest.',
    });
  }
  return ok({ listSk, id });
}
