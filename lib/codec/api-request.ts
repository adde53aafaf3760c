import type { Buffer } from 'node:buffer';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { badRequest, type ApiProblem } from './api-error.ts';
import { nameSome, quote } from './cut.ts';
import { describeKind, member } from './fields.ts';
import { headerOf, type HttpRequest } from './http-event.ts';
import { readJsonObject } from './json-body.ts';
import { intakeLimits } from './limits.ts';

type Read<Value> = Result<Value, ApiProblem>;

/** What a list asks for; `tenant` is null when none is named. */
export interface ListRequest<Status extends string = 'open' | 'closed'> {
  readonly tenant: string | null;
  readonly status: Status;
  readonly limit: number;
  readonly after: string | null;
}

const statuses = ['open', 'closed'] as const;
const defaultLimit = 50;
/** As many as the store reads in one call. */
const maxLimit = 100;

export const readListRequest = (request: HttpRequest): Read<ListRequest> =>
  readList(request, statuses);

const actionStatuses = ['open', 'ended'] as const;

/** The same for a list of actions. */
export const readActionList = (request: HttpRequest): Read<ListRequest<'open' | 'ended'>> =>
  readList(request, actionStatuses);

function readList<Status extends string>(
  request: HttpRequest,
  known: readonly Status[],
): Read<ListRequest<Status>> {
  const query = readQuery(request, ['status', 'limit', 'after', 'tenant']);
  if (!query.ok) return query;
  const { tenant = null, after = null } = query.value;
  const status = readStatus(query.value.status ?? 'open', known);
  if (!status.ok) return status;
  const limit = readLimit(query.value.limit ?? String(defaultLimit));
  if (!limit.ok) return limit;
  return ok({ tenant, status: status.value, limit: limit.value, after });
}

function readStatus<Status extends string>(text: string, known: readonly Status[]): Read<Status> {
  const status = known.find((one) => one === text);
  if (status !== undefined) return ok(status);
  return err(badRequest(`status is ${quote(text, 40)}.`, known));
}

function readLimit(text: string): Read<number> {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return ok(limit);
  return err(badRequest(`limit is ${quote(text, 40)}; it must be from 1 to ${maxLimit}.`));
}

/** The tenant that a request names, or null. */
export function readTenant(request: HttpRequest): Read<string | null> {
  const query = readQuery(request, ['tenant']);
  return query.ok ? ok(query.value.tenant ?? null) : query;
}

const documentFormats = ['markdown', 'json'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** Tenant and format of a document: `format` decides, then `Accept`, then it is Markdown. */
export function readDocumentRequest(
  request: HttpRequest,
): Read<{ readonly tenant: string | null; readonly format: DocumentFormat }> {
  const query = readQuery(request, ['format', 'tenant']);
  if (!query.ok) return query;
  const { format, tenant = null } = query.value;
  if (format === undefined) return ok({ tenant, format: acceptedFormat(request) });
  const known = documentFormats.find((name) => name === format);
  if (known !== undefined) return ok({ tenant, format: known });
  return err(badRequest(`format is ${quote(format, 40)}.`, documentFormats));
}

/** The first of the two types that the header names. */
function acceptedFormat(request: HttpRequest): DocumentFormat {
  const accept = headerOf(request, 'accept') ?? '';
  const named = /\b(?:application\/json|text\/markdown)\b/i.exec(accept)?.[0];
  return named?.toLowerCase() === 'application/json' ? 'json' : 'markdown';
}

/**
 * The parameters of a query by their names. One that nobody knows is refused: ignoring it would
 * answer another question than was asked. A repeated one counts with its first value.
 */
function readQuery<Name extends string>(
  { rawQueryString }: HttpRequest,
  names: readonly Name[],
): Read<Readonly<Partial<Record<Name, string>>>> {
  const query = new URLSearchParams(rawQueryString);
  const unknown = [...new Set(query.keys())].filter((name) => !names.some((one) => one === name));
  if (unknown.length > 0) {
    return err(badRequest(`There is no parameter ${nameSome(unknown)} here.`, names));
  }
  const entries = names.flatMap((name) => {
    const value = query.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  // The entries are made of these names alone.
  return ok(Object.fromEntries(entries) as Partial<Record<Name, string>>);
}

const maxNoteLength = 2_000;
/** A note of that many characters of four bytes, each escaped, and what is around it. */
const maxBodyBytes = 32_768;

/** The note of a command; empty without a body or without a note. */
export function readNote(body: Buffer): Read<string> {
  if (body.length === 0) return ok('');
  if (body.length > maxBodyBytes) {
    return err(badRequest(`The body has ${body.length} bytes; at most ${maxBodyBytes} are read.`));
  }
  const read = readJsonObject(body, { limits: intakeLimits, listName: null });
  if (!read.ok) return err(badRequest(read.error.reason));
  const unknown = Object.keys(read.value.value).filter((name) => name !== 'note');
  if (unknown.length > 0) {
    const message = `The body may not hold ${nameSome(unknown)}: it decides nothing but the note.`;
    return err(badRequest(message, ['note']));
  }
  const note = member(read.value.value, 'note') ?? '';
  if (typeof note !== 'string') {
    return err(badRequest(`note is ${describeKind(note)}; it must be a text.`));
  }
  return note.length <= maxNoteLength
    ? ok(note.trim())
    : err(badRequest(`note has ${note.length} characters; at most ${maxNoteLength} are kept.`));
}
