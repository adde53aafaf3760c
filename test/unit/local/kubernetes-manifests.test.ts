import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../lib/codec/manifest.ts';
import type { Json, JsonObject } from '../../../lib/domain/shared/json.ts';
import { listAt, textAt } from '../../../lib/local/sandbox/kubernetes/fields.ts';

const folder = new URL('../../../deploy/kubernetes/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const objectsOf = (name: string): readonly JsonObject[] =>
  readManifests(readFileSync(new URL(name, folder), 'utf8'));

const texts = (rule: Json, name: string): readonly string[] =>
  listAt(rule, name).filter((one) => typeof one === 'string');

/** One right, as `verb group/resource`. */
const rightsOf = (name: string): readonly string[] =>
  objectsOf(name)
    .flatMap((object) => listAt(object, 'rules'))
    .flatMap((rule) =>
      texts(rule, 'verbs').flatMap((verb) =>
        texts(rule, 'apiGroups').flatMap((group) =>
          texts(rule, 'resources').map((resource) => `${verb} ${group}/${resource}`),
        ),
      ),
    );

describe('deploy/kubernetes', () => {
  it('has the files that its README tells of', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');

    expect(files.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
    expect(files.toSorted()).toEqual([
      'admission.yaml',
      'identity.yaml',
      'pods-delete.yaml',
      'tocsin.yaml',
    ]);
  });

  it.each(files)('gives no right in %s that could lead to more of them', (name) => {
    const rights = rightsOf(name);

    const dangerous =
      /\*|secrets|exec|attach|portforward|proxy|token|ephemeral|^(create|update|impersonate|escalate|bind|approve|sign)|rbac|serviceaccounts|nodes/;
    expect(rights.filter((right) => dangerous.test(right))).toEqual([]);
  });

  it.each(files)('has no wildcard in %s', (name) => {
    const lines = readFileSync(new URL(name, folder), 'utf8').split('\n');

    expect(lines.filter((line) => /['"[\s,]\*['"\],]/.test(line))).toEqual([]);
  });

  it('deletes nothing but pods, and that only in a file of its own', () => {
    expect(rightsOf('tocsin.yaml').filter((right) => right.startsWith('delete'))).toEqual([]);
    expect(rightsOf('pods-delete.yaml')).toEqual(['delete /pods']);
  });

  it('patches nothing but what an action changes', () => {
    const patched = rightsOf('tocsin.yaml')
      .filter((right) => right.startsWith('patch '))
      .map((right) => right.slice('patch '.length));

    expect(patched.toSorted()).toEqual([
      '/services',
      'apps/daemonsets',
      'apps/deployments',
      'apps/deployments/scale',
      'apps/statefulsets',
      'apps/statefulsets/scale',
      'argoproj.io/rollouts',
      'argoproj.io/rollouts/scale',
      'argoproj.io/rollouts/status',
      'autoscaling/horizontalpodautoscalers',
      'gateway.networking.k8s.io/httproutes',
    ]);
  });

  it('binds Roles of one namespace to us alone', () => {
    const all = files.flatMap(objectsOf);
    const kinds = new Set(all.map((object) => textAt(object, 'kind')));
    const subjects = all.flatMap((object) => listAt(object, 'subjects'));

    expect([...kinds].filter((kind) => kind.startsWith('Cluster'))).toEqual([]);
    expect(new Set(subjects.map((one) => textAt(one, 'name')))).toEqual(new Set(['tocsin']));
  });
});
