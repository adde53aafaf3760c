import { describe, expect, it } from 'vitest';
import {
  isBusy,
  isSameVersion,
  readApplication,
} from '../../../../lib/domain/argocd/application.ts';
import { A, application, B, operationState, rawApplication, SOURCE } from './samples.ts';

describe('readApplication', () => {
  it('reads id 0 where it is left out, as a real entry', () => {
    expect(application().history.map(({ id, version }) => [id, version.revision])).toEqual([
      [0, A],
      [1, B],
    ]);
  });

  it.each([
    ['no name', { metadata: { name: '' } }],
    ['no uid', { metadata: { uid: 7 } }],
  ])('is null for %s', (_case, parts) => {
    expect(readApplication(rawApplication(parts))).toBeNull();
  });

  it.each([
    ['no policy', {}, false],
    ['null', { syncPolicy: { automated: null } }, false],
    ['an empty object', { syncPolicy: { automated: {} } }, true],
    ['enabled', { syncPolicy: { automated: { enabled: true } } }, true],
    ['not enabled', { syncPolicy: { automated: { enabled: false, prune: true } } }, false],
  ])('knows auto-sync with %s', (_case, spec, isOn) => {
    expect(application({ spec }).isAutoSyncOn).toBe(isOn);
  });

  it.each([
    ['nobody', {}, ''],
    ['its own label', { labels: { 'app.kubernetes.io/instance': 'checkout' } }, ''],
    [
      'an ApplicationSet',
      { ownerReferences: [{ kind: 'ApplicationSet', name: 'all' }] },
      'ApplicationSet all',
    ],
    [
      'an app of apps by annotation',
      {
        annotations: {
          'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/checkout',
        },
      },
      'Application root',
    ],
    [
      'an app of apps by label',
      { labels: { 'app.kubernetes.io/instance': 'root' } },
      'Application root',
    ],
  ])('sees %s as its owner', (_case, metadata, owner) => {
    expect(application({ metadata }).owner).toBe(owner);
  });

  it('takes an operation that is asked for before the one that has ended', () => {
    const pending = { sync: { revision: A, source: SOURCE } };
    const seen = application({ status: operationState({ operation: { sync: { revision: B } } }) });
    expect(seen.operation).toMatchObject({ phase: 'Succeeded', version: { revision: B } });
    const both = application({
      status: operationState({ operation: { sync: { revision: B } } }),
      operation: pending,
    });
    expect(both.operation).toMatchObject({ phase: 'Pending', version: { revision: A } });
    expect(isBusy(both)).toBe(true);
    expect(isBusy(seen)).toBe(false);
  });

  it('takes the result where the operation names no commit, and joins those of several', () => {
    const result = { syncResult: { revisions: [A, B], sources: [SOURCE, SOURCE] } };
    const seen = application({ status: operationState({ ...result, operation: { sync: {} } }) });
    expect(seen.operation?.version.revision).toBe(`${A},${B}`);
  });

  it('tells versions apart by their sources, where both are told', () => {
    expect(isSameVersion({ revision: A, source: '1' }, { revision: A, source: '' })).toBe(true);
    expect(isSameVersion({ revision: A, source: '1' }, { revision: A, source: '2' })).toBe(false);
    expect(isSameVersion({ revision: A, source: '1' }, { revision: B, source: '1' })).toBe(false);
  });
});
