import { writeFileSync } from 'node:fs';
import { policyJsonSchema } from '../lib/codec/policy/json-schema.ts';

/** Writes the JSON Schema of the policy anew, after a change of the layout. A test compares them. */
writeFileSync(new URL('../policy/tocsin.schema.json', import.meta.url), policyJsonSchema());
