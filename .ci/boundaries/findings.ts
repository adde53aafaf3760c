import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { IConfiguration, ICruiseResult, IModule, IViolation } from 'dependency-cruiser';

/** The folders whose files must be known to the import rule. */
const SOURCES = ['bin', 'functions', 'lib', 'test', '.ci'];

/** The folders of `lib` that are layers; a file anywhere else belongs to none. */
const LAYERS = 'domain ports app codec adapters wire infra local cli console'.split(' ');

/**
 * Checks the files under `root` against `.dependency-cruiser.cjs`.
 *
 * A parser that fails sees no imports, and no imports break no rule. So the files and the imports
 * that were seen are held against what is on the disk, and what was not seen is a finding too.
 *
 * @returns one sentence per breach, sorted; none when all is well
 */
export async function boundaryFindings(root: string): Promise<readonly string[]> {
  const files = sourceFiles(root);
  const rules = loadRules();
  const { modules, summary } = await cruiseFiles(root, files, rules);
  const why = new Map(rules.forbidden?.map(({ name, comment }) => [name, comment]));
  return [
    ...summary.violations.map((violation) => sentence(violation, why.get(violation.rule.name))),
    ...unseen(root, files, modules),
    ...files
      .filter(isOutsideLayers)
      .map((file) => `${file}: not in a layer (${LAYERS.join(', ')})`),
  ].toSorted();
}

function loadRules(): IConfiguration {
  const require = createRequire(import.meta.url);
  // A CommonJS module has no type of its own; the file declares this one.
  return require('../../.dependency-cruiser.cjs') as IConfiguration;
}

function sourceFiles(root: string): readonly string[] {
  return SOURCES.flatMap((folder) => globSync(`${folder}/**/*.{ts,mjs}`, { cwd: root })).map(
    (file) => file.replaceAll('\\', '/'),
  );
}

async function cruiseFiles(
  root: string,
  files: readonly string[],
  { forbidden = [], options }: IConfiguration,
): Promise<ICruiseResult> {
  const { output } = await cruise([...files], {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text');
  return output;
}

function sentence({ rule, from, to }: IViolation, why = 'no reason given'): string {
  const edge = to === from ? from : `${from} imports ${to}`;
  return `${edge}: ${rule.name} (${why})`;
}

/** Files that were not read, and files in which fewer imports were found than are written there. */
function unseen(
  root: string,
  files: readonly string[],
  modules: readonly IModule[],
): readonly string[] {
  const seen = new Map(modules.map((module) => [module.source, module.dependencies.length]));
  return files.flatMap((file) => {
    const written = writtenImports(readFileSync(join(root, file), 'utf8'));
    const found = seen.get(file);
    if (found === undefined) return [`${file}: the boundary check did not see it`];
    if (found >= written) return [];
    return [`${file}: the boundary check saw ${found} of its ${written} imports`];
  });
}

/** The number of different modules that a file names in static imports, one per line start. */
function writtenImports(source: string): number {
  const statements = source.matchAll(/^(?:import|export)\b[^;'"`]*?\bfrom '(?<name>[^']+)';$/gm);
  return new Set(Array.from(statements, (match) => match.groups?.['name'])).size;
}

function isOutsideLayers(file: string): boolean {
  const [top, layer, rest] = file.split('/');
  return top === 'lib' && (rest === undefined || !LAYERS.includes(layer ?? ''));
}
