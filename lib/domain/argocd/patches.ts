import { pointer } from '../kubernetes/json-patch.ts';
import { canonicalJson, type Json, type JsonObject } from '../shared/json.ts';
import { markAnnotation, savedAnnotation, type Application } from './application.ts';

/**
 * The JSON Patches that switch auto-sync. Each begins with tests of the object and of the value
 * that it replaces, so that Argo CD refuses it when somebody was there first, and leaves our mark.
 */

const pathOf = (annotation: string): string => pointer('metadata', 'annotations', annotation);

const automatedPath = '/spec/syncPolicy/automated';

/** Keeps the settings in an annotation, so that `resume` can put back just those. */
export function patchOff(application: Application, mark: string): readonly JsonObject[] {
  const { automated } = application;
  return [
    ...beginning(application),
    { op: 'test', path: automatedPath, value: automated },
    ...annotations(application, {
      [markAnnotation]: mark,
      [savedAnnotation]: canonicalJson(automated),
    }),
    { op: 'remove', path: automatedPath },
  ];
}

export function patchOn(
  application: Application,
  { automated, mark }: { readonly automated: JsonObject; readonly mark: string },
): readonly JsonObject[] {
  const hasSaved = Object.hasOwn(application.annotations, savedAnnotation);
  return [
    ...beginning(application),
    ...annotations(application, { [markAnnotation]: mark }),
    ...(hasSaved ? [{ op: 'remove', path: pathOf(savedAnnotation) }] : []),
    ...(application.syncPolicy === null
      ? [{ op: 'add', path: '/spec/syncPolicy', value: { automated } }]
      : [
          { op: 'test', path: '/spec/syncPolicy', value: application.syncPolicy },
          { op: 'add', path: automatedPath, value: automated },
        ]),
  ];
}

const beginning = ({ uid }: Application): readonly JsonObject[] => [
  { op: 'test', path: '/metadata/uid', value: uid },
];

/** `add` replaces a member that is there, but needs the object that it goes into. */
function annotations(
  { hasAnnotations }: Application,
  values: Readonly<Record<string, string>>,
): readonly JsonObject[] {
  if (!hasAnnotations) return [{ op: 'add', path: '/metadata/annotations', value: values }];
  return Object.entries(values).map(([name, value]) => ({ op: 'add', path: pathOf(name), value }));
}

/** The settings that were kept, or those that are only switched off; null: there are none. */
export function settingsToPutBack({ annotations: all, automated }: Application): JsonObject | null {
  if (automated !== null) {
    return Object.fromEntries(Object.entries(automated).filter(([name]) => name !== 'enabled'));
  }
  const saved = Object.hasOwn(all, savedAnnotation) ? all[savedAnnotation] : undefined;
  return saved === undefined ? null : settingsIn(saved);
}

/** Only the settings that auto-sync has: an annotation can be written by anybody. */
function settingsIn(text: string): JsonObject | null {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, member]) => known.includes(name) && typeof member === 'boolean',
    ),
  );
}

const known: readonly string[] = ['prune', 'selfHeal', 'allowEmpty'];

function parsed(text: string): Json | undefined {
  try {
    // What JSON.parse gives is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
