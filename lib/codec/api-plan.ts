import { planText } from '../domain/action/plan-text.ts';
import type { Plan } from '../domain/action/plan.ts';
import type { Json, JsonObject } from '../domain/shared/json.ts';
import { toIso } from '../domain/shared/time.ts';
import { isList, isRecord } from './fields.ts';

/**
 * A plan as the API gives it: all of it but the values of environment variables, which are where
 * workloads keep their passwords. So it is to be read; its hash is that of the whole.
 */
export function planJson(plan: Plan): JsonObject {
  const { plannedAtMs, ...rest } = plan;
  // A plan is made of values that JSON knows, and of nothing else.
  const whole = rest as unknown as JsonObject;
  return { ...withoutValues(whole), plannedAt: toIso(plannedAtMs) };
}

/** A plan in words, part by part, as every place shows it to those who are to approve it. */
export const planTextJson = (plan: Plan, planHash: string): JsonObject => {
  const { title, hash, parts } = planText(plan, planHash);
  return { title, hash, parts: parts.map(({ name, lines }) => ({ name, lines })) };
};

/** A copy of a whole manifest that clients keep in an annotation, as text. */
const copyOfAll = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutValues(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (name === copyOfAll) return [name, '[left out]'];
      return [name, name === 'env' && isList(value) ? value.map(hidden) : deep(value)];
    }),
  );
}

function deep(value: Json): Json {
  if (isList(value)) return value.map(deep);
  return isRecord(value) ? withoutValues(value) : value;
}

/** One variable of a container: its name, and where its value comes from. */
function hidden(variable: Json): Json {
  if (!isRecord(variable)) return deep(variable);
  return Object.fromEntries(
    Object.entries(variable).map(([name, value]) => [
      name,
      name === 'value' ? '[left out]' : deep(value),
    ]),
  );
}
