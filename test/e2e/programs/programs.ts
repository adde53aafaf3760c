import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of somebody else that the end-to-end tests run. */
export interface Program {
  /** The names it goes by, the first one found on the PATH being used. */
  readonly names: readonly string[];
  /** What it is needed for and how to get it, for the person who lacks it. */
  readonly get: string;
}

export const PROGRAMS = {
  prometheus: { names: ['prometheus'], get: 'Debian package prometheus' },
  alertmanager: {
    names: ['prometheus-alertmanager', 'alertmanager'],
    get: 'Debian package prometheus-alertmanager',
  },
  chromium: { names: ['chromium', 'chromium-browser'], get: 'Debian package chromium' },
  kubectl: { names: ['kubectl'], get: 'kubectl 1.28 or later (kubernetes.io/docs/tasks/tools)' },
  cfnLint: { names: ['cfn-lint'], get: 'Python package cfn-lint (pip install cfn-lint)' },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/**
 * The path of a program.
 *
 * @throws when it is not on the PATH; `npm run test:e2e` has said so before any test starts
 */
export function programPath(name: ProgramName): string {
  const path = findProgram(PROGRAMS[name], process.env['PATH'] ?? '');
  if (path === undefined) throw new Error(missingText([PROGRAMS[name]]));
  return path;
}

/** Looks for a program in the folders of `searchPath`, written as in the variable PATH. */
export function findProgram({ names }: Program, searchPath: string): string | undefined {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((candidate) => isExecutable(candidate));
}

/** Tells a person which programs are missing and how to get them. */
export function missingText(missing: readonly Program[]): string {
  const lines = missing.map(({ names, get }) => `  ${names.join(' or ')}: ${get}`);
  return [
    'The end-to-end tests run real programs, and these are not on the PATH:',
    ...lines,
    'Install them and run `npm run test:e2e` again. (`npm test` needs none of them.)',
  ].join('\n');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
