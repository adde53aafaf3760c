import type { Json, JsonObject } from '../../../../domain/shared/json.ts';

/**
 * Newer kubectl writes reviews, token requests and what `kubectl create` makes in protobuf, and takes
 * the answer in JSON.
 * Only the fields that are read here are named; numbers are those of the `generated.proto` files of
 * k8s.io/api.
 */
type Schema = ReadonlyMap<number, Field>;
type Field = { readonly name: string } & (
  { readonly kind: 'text' | 'number' } | { readonly kind: 'message'; readonly of: Schema }
);

const text = (name: string): Field => ({ name, kind: 'text' });
const number = (name: string): Field => ({ name, kind: 'number' });
const message = (name: string, fields: readonly (readonly [number, Field])[]): Field => ({
  name,
  kind: 'message',
  of: new Map(fields),
});
const spec = (...fields: readonly (readonly [number, Field])[]): Schema =>
  new Map([[2, message('spec', fields)]]);

const RESOURCE = message('resourceAttributes', [
  [1, text('namespace')],
  [2, text('verb')],
  [3, text('group')],
  [5, text('resource')],
  [6, text('subresource')],
  [7, text('name')],
]);

const METADATA = message('metadata', [
  [1, text('name')],
  [3, text('namespace')],
]);
const NAMED: Schema = new Map([[1, METADATA]]);

const SCHEMAS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['SelfSubjectAccessReview', spec([1, RESOURCE])],
  ['SelfSubjectRulesReview', spec([1, text('namespace')])],
  ['SelfSubjectReview', new Map()],
  ['Namespace', NAMED],
  ['ServiceAccount', NAMED],
  ['TokenRequest', spec([4, number('expirationSeconds')])],
]);

/** `runtime.Unknown`, which is what every object is wrapped in. */
const ENVELOPE: Schema = new Map([
  [
    1,
    message('type', [
      [1, text('apiVersion')],
      [2, text('kind')],
    ]),
  ],
]);
const RAW = 2;
const MAGIC = 'k8s\0';

/** The object in a protobuf body; `undefined` for one of a kind that is not read here. */
export function fromProtobuf(body: Buffer): JsonObject | undefined {
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const fields = readFields(body.subarray(MAGIC.length));
  const { type } = decode(fields, ENVELOPE);
  const { apiVersion, kind } = { ...(type as JsonObject | undefined) };
  const schema = typeof kind === 'string' ? SCHEMAS.get(kind) : undefined;
  const raw = fields.find(({ id }) => id === RAW)?.value;
  if (schema === undefined || apiVersion === undefined || kind === undefined) return undefined;
  const read = Buffer.isBuffer(raw) ? decode(readFields(raw), schema) : {};
  return { apiVersion, kind, ...read };
}

interface Read {
  readonly id: number;
  readonly value: number | Buffer;
}

function decode(fields: readonly Read[], schema: Schema): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ id, value }) => {
      const field = schema.get(id);
      return field === undefined ? [] : [[field.name, decodeField(field, value)] as const];
    }),
  );
}

function decodeField(field: Field, value: number | Buffer): Json {
  if (typeof value === 'number') return value;
  return field.kind === 'message' ? decode(readFields(value), field.of) : value.toString('utf8');
}

/** The wire types of protobuf that Kubernetes uses: varint and bytes. Anything else ends it. */
function readFields(bytes: Buffer): readonly Read[] {
  const fields: Read[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; at < bytes.length; shift *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [id, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType !== 0 && wireType !== 2) break;
    const value = varint();
    if (wireType === 0) {
      fields.push({ id, value });
      continue;
    }
    fields.push({ id, value: bytes.subarray(at, at + value) });
    at += value;
  }
  return fields;
}
