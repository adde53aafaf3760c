import { jsonResponse, type HttpResponse } from './http-response.ts';

/** Why a request of a person is not answered. The message is for that person. */
export interface ApiProblem {
  readonly kind: 'bad_request' | 'forbidden' | 'not_found' | 'refused' | 'unavailable';
  readonly message: string;
  /** The values that would have been taken, where there is a list. */
  readonly allowed?: readonly string[];
}

const statusOf: Readonly<Record<ApiProblem['kind'], number>> = {
  bad_request: 400,
  forbidden: 403,
  not_found: 404,
  refused: 409,
  unavailable: 503,
};

/** When to come again after a 503: by then a throttled or restarted store answers. */
const retryAfterS = 2;

export const badRequest = (message: string, allowed?: readonly string[]): ApiProblem => ({
  kind: 'bad_request',
  message,
  ...(allowed === undefined ? {} : { allowed }),
});

/** The same for what is not there and for what is not the caller's to see. */
export const notFound: ApiProblem = {
  kind: 'not_found',
  message:
    'There is no such incident, or no such tenant. Check the id and the tenant; `tocsin ' +
    'incidents` lists the open ones.',
};

/** The same of actions and what they act on. */
export const nothingSuch: ApiProblem = {
  kind: 'not_found',
  message:
    'There is no such action, target or incident, or no such tenant. Check the id and the tenant; ' +
    '`tocsin actions` lists actions and locks.',
};

export const unavailable: ApiProblem = {
  kind: 'unavailable',
  message: `The store does not answer at the moment. Repeat in ${retryAfterS} s: that is harmless.`,
};

export const problemResponse = (problem: ApiProblem, requestId: string): HttpResponse =>
  jsonResponse(
    statusOf[problem.kind],
    { error: problem, requestId },
    problem.kind === 'unavailable' ? { 'retry-after': String(retryAfterS) } : {},
  );
