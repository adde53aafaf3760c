import { err, ok, type Result } from '../../../../domain/shared/result.ts';
import { isSame, nameOf, textAt, valueAt, withValue, type KubeObject } from '../fields.ts';
import type { Store } from '../store/store.ts';
import type { ObjectAddress } from './address.ts';
import { withoutNulls } from './clean.ts';
import { withDefaults } from './defaults.ts';
import { signed } from './managed-fields.ts';
import { alreadyExists, conflict, invalid, notFound, type Refusal } from './refusal.ts';
import { faultsOf } from './validate.ts';
import { kindNamed } from '../store/kinds.ts';

/** How something is written. */
export interface Writing {
  readonly isDryRun: boolean;
  /** `fieldManager`. */
  readonly manager: string;
  readonly atMs: number;
  /** Five signs for `generateName`. */
  readonly suffix: () => string;
}

type Written = Result<KubeObject, Refusal>;

/** A new object, or why it cannot be. */
export function createObject(
  store: Store,
  { resource, namespace }: ObjectAddress,
  { object, writing }: { readonly object: KubeObject; readonly writing: Writing },
): Written {
  if (resource.isNamespaced && store.get(kindNamed('Namespace'), '', namespace) === undefined) {
    return err(notFound(kindNamed('Namespace'), namespace));
  }
  const made = withDefaults(
    placed(withoutNulls(object), resource.isNamespaced ? namespace : undefined, writing),
  );
  const causes = faultsOf(made, undefined);
  if (causes.length > 0) return err(invalid(resource, nameOf(made), causes));
  if (store.get(resource, namespace, nameOf(made)) !== undefined) {
    return err(alreadyExists(resource, nameOf(made)));
  }
  const signedOne = signed(made, undefined, {
    name: writing.manager,
    subresource: '',
    atMs: writing.atMs,
  });
  return ok(store.create(resource, signedOne, writing));
}

/** In its namespace, with a name. */
function placed(object: KubeObject, namespace: string | undefined, writing: Writing): KubeObject {
  const prefix = textAt(object, 'metadata', 'generateName');
  const name = nameOf(object) === '' && prefix !== '' ? prefix + writing.suffix() : nameOf(object);
  const isStatusOwn = object['kind'] === 'Namespace';
  const clean = isStatusOwn ? object : withValue(object, ['status'], undefined);
  return withValue(
    withValue(clean, ['metadata', 'name'], name),
    ['metadata', 'namespace'],
    namespace,
  );
}

/**
 * The object in the place of what is there: its spec by the main path, its status by the other. A
 * resource version in it is a precondition.
 */
export function replaceObject(
  store: Store,
  { resource, namespace, name, subresource }: ObjectAddress,
  { object, writing }: { readonly object: KubeObject; readonly writing: Writing },
): Written {
  const before = store.get(resource, namespace, name);
  if (before === undefined) return err(notFound(resource, name));
  const stale = precondition(object, before);
  if (stale !== undefined) return err(conflict(resource, name, stale));
  const merged =
    subresource === 'status' ? withStatusOf(before, object) : withSpecOf(before, object);
  // A custom resource without the subresource would keep its status here; ours all have it.
  const made = resource.subresources.includes('status') || subresource !== '' ? merged : object;
  const filled = withDefaults(identified(withoutNulls(made), before));
  const causes = faultsOf(filled, before);
  if (causes.length > 0) return err(invalid(resource, name, causes));
  const { manager, atMs } = writing;
  const next = signed(filled, before, { name: manager, subresource, atMs });
  return ok(store.replace(resource, next, writing));
}

function precondition(object: KubeObject, before: KubeObject): string | undefined {
  const wanted = textAt(object, 'metadata', 'resourceVersion');
  if (wanted !== '' && wanted !== textAt(before, 'metadata', 'resourceVersion')) {
    return 'the object has been modified; please apply your changes to the latest version and try again';
  }
  const [uid, is] = [textAt(object, 'metadata', 'uid'), textAt(before, 'metadata', 'uid')];
  return uid === '' || uid === is
    ? undefined
    : `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${is}`;
}

const withStatusOf = (before: KubeObject, object: KubeObject): KubeObject =>
  withValue(before, ['status'], valueAt(object, 'status'));

const withSpecOf = (before: KubeObject, object: KubeObject): KubeObject =>
  withValue(object, ['status'], valueAt(before, 'status'));

/** Name, namespace and the record of writers are not the sender's to change. */
function identified(object: KubeObject, before: KubeObject): KubeObject {
  return ['name', 'namespace', 'managedFields', 'deletionTimestamp'].reduce((made, field) => {
    const value = valueAt(before, 'metadata', field);
    return isSame(valueAt(made, 'metadata', field), value)
      ? made
      : withValue(made, ['metadata', field], value);
  }, object);
}
