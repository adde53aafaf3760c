import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The platform that a binary is for, as Node names it. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
}

/** Finds a file of an installed package, or throws. */
export type ResolvePackage = (specifier: string) => string;

/**
 * The path of the `dynoxide` binary in its platform package, an optional dependency. Throws with the way
 * out when the package is not installed, which npm does not report.
 */
export function findDynoxide(
  { platform, arch }: Platform = process,
  resolve: ResolvePackage = createRequire(import.meta.url).resolve,
): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    const directory = dirname(resolve(`${name}/package.json`));
    return join(directory, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new Error(
      `The embedded DynamoDB is not installed for this machine: package ${name} is missing. Run \`npm ci\` ` +
        'without --omit=optional; where no such package exists, run another DynamoDB (DynamoDB Local, for ' +
        'example) and set AWS_ENDPOINT_URL_DYNAMODB to its address.',
      { cause },
    );
  }
}
