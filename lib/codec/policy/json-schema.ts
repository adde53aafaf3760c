import * as z from 'zod';
import { policyFile } from './schema.ts';

/**
 * The JSON Schema by which editors complete and check a policy file, as text. Made from the
 * schema that the loader uses; what only the loader can tell is not in it.
 */
export const policyJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(policyFile, { io: 'input' }), null, 2)}\n`;
