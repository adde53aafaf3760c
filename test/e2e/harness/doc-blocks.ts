import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** When a block of commands can be run (docs/contributing.md, "Documentation is tested"). */
export type BlockKind = 'anywhere' | 'with Tocsin running' | 'needs an account';

/** One block marked `sh` in the documentation. */
export interface DocBlock {
  /** Relative to the root, with the line on which the commands begin. */
  readonly place: string;
  readonly kind: BlockKind;
  readonly script: string;
}

const DOCUMENTS = ['README.md', 'docs/*.md'];
const BLOCK = /^```sh\n([\s\S]*?)^```$/gm;

/** Every such block of README.md and docs, in the order in which people read them. */
export function readDocBlocks(root: string): readonly DocBlock[] {
  return globSync(DOCUMENTS, { cwd: root })
    .sort()
    .flatMap((document) => blocksOf(document, readFileSync(join(root, document), 'utf8')));
}

function blocksOf(document: string, text: string): readonly DocBlock[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const [, script = ''] = match;
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { place: `${document}:${line}`, kind: kindOf(script), script };
  });
}

function kindOf(script: string): BlockKind {
  const [first = ''] = script.split('\n');
  if (first === '# needs an account') return 'needs an account';
  if (first === '# with Tocsin running') return 'with Tocsin running';
  return 'anywhere';
}
