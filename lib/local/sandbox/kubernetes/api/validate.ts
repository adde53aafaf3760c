import {
  isSame,
  labelsOf,
  listAt,
  nameOf,
  numberAt,
  objectAt,
  textAt,
  valueAt,
} from '../fields.ts';
import type { KubeObject } from '../fields.ts';
import { selects } from '../store/selectors.ts';
import type { Cause } from './refusal.ts';

type Rule = (object: KubeObject, before: KubeObject | undefined) => readonly Cause[];

const cause = (reason: string, field: string, message: string): Cause => ({
  reason,
  field,
  message,
});
const required = (field: string): Cause => cause('FieldValueRequired', field, 'Required value');

const named: Rule = (object) => {
  const name = nameOf(object);
  if (name === '') {
    return [
      cause(
        'FieldValueRequired',
        'metadata.name',
        'Required value: name or generateName is required',
      ),
    ];
  }
  // RBAC's names may hold colons.
  return /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name)
    ? []
    : [
        cause(
          'FieldValueInvalid',
          'metadata.name',
          `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
        ),
      ];
};

const notNegative = (...path: readonly string[]): Rule => {
  return (object) => {
    const value = numberAt(object, ...path) ?? 0;
    if (value >= 0) return [];
    const says = `Invalid value: ${String(value)}: must be greater than or equal to 0`;
    return [cause('FieldValueInvalid', path.join('.'), says)];
  };
};

const templated: Rule = (object) => {
  const containers = listAt(object, 'spec', 'template', 'spec', 'containers');
  if (containers.length === 0) return [required('spec.template.spec.containers')];
  const wrong = containers.flatMap((container, index) =>
    ['name', 'image']
      .filter((field) => textAt(container, field) === '')
      .map((field) => required(`spec.template.spec.containers[${String(index)}].${field}`)),
  );
  const template = objectAt(object, 'spec', 'template');
  if (selects(valueAt(object, 'spec', 'selector'), template)) return wrong;
  const labels = JSON.stringify(labelsOf(template));
  const says = `Invalid value: ${labels}: \`selector\` does not match template \`labels\``;
  return [...wrong, cause('FieldValueInvalid', 'spec.template.metadata.labels', says)];
};

const fixedSelector: Rule = (object, before) => {
  const selector = valueAt(object, 'spec', 'selector');
  if (before === undefined || isSame(selector, valueAt(before, 'spec', 'selector'))) return [];
  const says = `Invalid value: ${JSON.stringify(selector)}: field is immutable`;
  return [cause('FieldValueInvalid', 'spec.selector', says)];
};

const bounded: Rule = (object) => {
  const least = numberAt(object, 'spec', 'minReplicas') ?? 1;
  const most = numberAt(object, 'spec', 'maxReplicas') ?? 0;
  const wrong = (field: string, value: number, says: string): Cause =>
    cause('FieldValueInvalid', field, `Invalid value: ${String(value)}: ${says}`);
  return [
    ...(least < 1 ? [wrong('spec.minReplicas', least, 'must be greater than or equal to 1')] : []),
    ...(most < least
      ? [wrong('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`')]
      : []),
  ];
};

const WORKLOAD = [templated, fixedSelector, notNegative('spec', 'replicas')];

const RULES: ReadonlyMap<unknown, readonly Rule[]> = new Map<unknown, readonly Rule[]>([
  ['Deployment', [...WORKLOAD, notNegative('spec', 'progressDeadlineSeconds')]],
  ['StatefulSet', WORKLOAD],
  ['DaemonSet', WORKLOAD],
  ['ReplicaSet', WORKLOAD],
  ['Rollout', [notNegative('spec', 'replicas')]],
  ['HorizontalPodAutoscaler', [bounded]],
]);

/** What is wrong with an object that somebody wants to write, field by field. */
export function faultsOf(object: KubeObject, before: KubeObject | undefined): readonly Cause[] {
  return [named, ...(RULES.get(object['kind']) ?? [])].flatMap((rule) => rule(object, before));
}
