import type { Json, JsonObject } from '../../../../domain/shared/json.ts';
import { apiVersionOf, KINDS, type Kind } from '../store/kinds.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const REVIEWS: readonly Review[] = [
  { group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview' },
  { group: 'authentication.k8s.io', kind: 'SelfSubjectReview' },
];

interface Review {
  readonly group: string;
  readonly kind: string;
}

/** What clients ask before anything else; `undefined` for a path that tells nothing. */
export function about(path: string, serverUrl: string): JsonObject | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group, version] = parts;
  if (root === 'version') return VERSION;
  if (root === 'openapi') return openApi(parts);
  if (root === 'api') return group === undefined ? apiVersions(serverUrl) : resources('', group);
  return root === 'apis' ? aboutGroups(group, version) : undefined;
}

function aboutGroups(
  group: string | undefined,
  version: string | undefined,
): JsonObject | undefined {
  if (group === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  if (version !== undefined) return resources(group, version);
  const found = groups().find(({ name }) => name === group);
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...found };
}

const VERSION: JsonObject = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+tocsin-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2025-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const apiVersions = (serverUrl: string): JsonObject => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [
    { clientCIDR: '0.0.0.0/0', serverAddress: serverUrl.replace(/^https:\/\//, '') },
  ],
});

function groups(): readonly JsonObject[] {
  const served = [
    ...KINDS.filter(({ group }) => group !== '').map(({ group, version }) => ({ group, version })),
    ...REVIEWS.map(({ group }) => ({ group, version: 'v1' })),
  ];
  const versions = new Map(served.map(({ group, version }) => [group, version]));
  return [...versions].map(([name, version]) => {
    const told = { groupVersion: `${name}/${version}`, version };
    return { name, versions: [told], preferredVersion: told };
  });
}

function resources(group: string, version: string): JsonObject | undefined {
  const kinds = KINDS.filter((kind) => kind.group === group && kind.version === version);
  const reviews = version === 'v1' ? REVIEWS.filter((review) => review.group === group) : [];
  if (kinds.length + reviews.length === 0) return undefined;
  const groupVersion = group === '' ? version : `${group}/${version}`;
  const listed = [...kinds.flatMap(resourcesOf), ...reviews.map(reviewResource)];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: listed };
}

const reviewResource = ({ kind }: Review): JsonObject => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
});

const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];
const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const TOKEN: JsonObject = {
  name: 'serviceaccounts/token',
  singularName: '',
  namespaced: true,
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
};

function resourcesOf(kind: Kind): readonly JsonObject[] {
  const { plural, isNamespaced, shortNames } = kind;
  const self: JsonObject = {
    name: plural,
    singularName: kind.kind.toLowerCase(),
    namespaced: isNamespaced,
    kind: kind.kind,
    verbs: VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
  };
  const below = kind.subresources.map((subresource): JsonObject => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced: isNamespaced,
    ...(subresource === 'scale' ? SCALE : { kind: kind.kind }),
    verbs: SUBRESOURCE_VERBS,
  }));
  return [self, ...below, ...(plural === 'serviceaccounts' ? [TOKEN] : [])];
}

/**
 * As much of OpenAPI as `kubectl apply` asks for: that the server itself checks fields, which keeps
 * it from wanting the schema of every kind. Without schemas, `kubectl explain` knows nothing.
 */
function openApi([, v3, root, group, version]: readonly string[]): JsonObject | undefined {
  if (v3 !== 'v3') return undefined;
  if (root === undefined) {
    const roots = KINDS.map(
      (kind) => `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`,
    );
    const paths = roots.map((one) => [one, { serverRelativeURL: `/openapi/v3/${one}` }] as const);
    return { paths: Object.fromEntries(paths) };
  }
  const kinds = KINDS.filter((kind) =>
    root === 'api' ? kind.group === '' : kind.group === group && kind.version === version,
  );
  return {
    openapi: '3.0.0',
    info: { title: 'Tocsin sandbox', version: 'v1.32.0' },
    paths: Object.fromEntries(kinds.map((kind) => [pathOf(kind), { patch: patchOf(kind) }])),
    components: { schemas: {} },
  };
}

function pathOf(kind: Kind): string {
  const root = `/${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;
  return `${root}${kind.isNamespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}/{name}`;
}

const patchOf = ({ group, version, kind }: Kind): Json => ({
  operationId: `patch${kind}`,
  parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  })),
  responses: { '200': { description: 'OK' } },
  'x-kubernetes-action': 'patch',
  'x-kubernetes-group-version-kind': { group, version, kind },
});
