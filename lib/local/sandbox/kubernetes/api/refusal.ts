import type { JsonObject } from '../../../../domain/shared/json.ts';
import { qualified, type Kind } from '../store/kinds.ts';
import { answer, type Reply } from './reply.ts';

/** Why the server says no, in Kubernetes' own words. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A field that is wrong. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export const statusOf = ({ code, reason, message, details }: Refusal): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details === undefined ? {} : { details }),
  code,
});

export const refuse = (refusal: Refusal): Reply => answer(refusal.code, statusOf(refusal));

const detailsOf = (kind: Kind, name: string): JsonObject => ({
  ...(name === '' ? {} : { name }),
  ...(kind.group === '' ? {} : { group: kind.group }),
  kind: kind.plural,
});

export const notFound = (kind: Kind, name: string): Refusal => ({
  code: 404,
  reason: 'NotFound',
  message: `${qualified(kind)} "${name}" not found`,
  details: detailsOf(kind, name),
});

export const noSuchPath: Refusal = {
  code: 404,
  reason: 'NotFound',
  message: 'the server could not find the requested resource',
  details: {},
};

export const notAllowedMethod: Refusal = {
  code: 405,
  reason: 'MethodNotAllowed',
  message: 'the server does not allow this method on the requested resource',
  details: {},
};

export const alreadyExists = (kind: Kind, name: string): Refusal => ({
  code: 409,
  reason: 'AlreadyExists',
  message: `${qualified(kind)} "${name}" already exists`,
  details: detailsOf(kind, name),
});

export const conflict = (
  kind: Kind,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
): Refusal => ({
  code: 409,
  reason: 'Conflict',
  message: `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`,
  details: detailsOf(kind, name),
});

/** A patch that does not apply, a failed `test` among them: the server does not say which. */
export const patchFailed: Refusal = {
  code: 422,
  reason: 'Invalid',
  message: 'the server rejected our request due to an error in our request',
  details: {},
};

export function invalid(kind: Kind, name: string, causes: readonly Cause[]): Refusal {
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = told.length === 1 ? told.join('') : `[${told.join(', ')}]`;
  return {
    code: 422,
    reason: 'Invalid',
    message: `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${list}`,
    details: {
      ...detailsOf(kind, name),
      kind: kind.kind,
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  };
}

export const badRequest = (message: string): Refusal => ({
  code: 400,
  reason: 'BadRequest',
  message,
});

export const unauthorized: Refusal = {
  code: 401,
  reason: 'Unauthorized',
  message: 'Unauthorized',
};

export const unsupportedMediaType = (accepted: readonly string[]): Refusal => ({
  code: 415,
  reason: 'UnsupportedMediaType',
  message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
});
