import { minutes } from '../shared/time.ts';
import type { ActionPolicy, GuardrailPolicy } from './action-policy.ts';

/**
 * The guardrails of a tenant that names none: an approval is good for ten minutes, one start on a
 * target, three of a team and five in all within 15 minutes.
 */
export const defaultGuardrails: GuardrailPolicy = {
  approvalWithinMs: minutes(10),
  windowMs: minutes(15),
  perTarget: 1,
  perTeam: 3,
  inAll: 5,
  cooldownMs: minutes(30),
  freezes: [],
  soakMs: minutes(2),
  samples: 5,
  convergeWithinMs: minutes(10),
  validateWithinMs: minutes(10),
};

/** Of a tenant in which nothing may be acted on. */
export const noActions: ActionPolicy = {
  clusters: [],
  argocd: [],
  gitHosts: [],
  targets: [],
  checks: [],
  runbooks: [],
  changeSources: [],
  guardrails: defaultGuardrails,
};
