import { resolve } from 'node:path';
import { boundaryFindings } from './boundaries/findings.ts';

/** Prints every breach of the layers' import rule; ends with exit code 1 when there is one. */
const root = resolve(import.meta.dirname, '..');
const findings = await boundaryFindings(root);
for (const finding of findings) process.stderr.write(`  ${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
