import { canonicalJson, type Digest } from '../shared/json.ts';
import type { ActionRequest, Origin } from './action.ts';

/** What makes one request the same as another. */
export interface RequestIdentity {
  readonly tenant: string;
  readonly incidentId: string;
  readonly request: ActionRequest;
  readonly origin: Origin;
  /** What caused it: the seal of a person's request, or what a runbook matched. */
  readonly cause: string;
}

/** The id of an action: equal requests get an equal one, so that a repeat finds what it made. */
export function actionIdOf(digest: Digest, identity: RequestIdentity): string {
  const { tenant, incidentId, request, origin, cause } = identity;
  return `a${digest(canonicalJson([tenant, incidentId, request, origin, cause])).slice(0, 15)}`;
}

/** The digest of a whole plan: approvals are bound to it. */
export const planHashOf = (digest: Digest, plan: unknown): string => digest(canonicalJson(plan));

/** So much of a plan's hash is shown to people, and enough when they name it. */
export const shownHashLength = 8;

/** What people see of a plan's hash. */
export const shortHash = (planHash: string): string => planHash.slice(0, shownHashLength);

/** Whether somebody named this plan: by its whole hash, or by what is shown of it or more. */
export const isSamePlan = (planHash: string, named: string): boolean =>
  named.length >= shownHashLength && planHash !== '' && planHash.startsWith(named);
