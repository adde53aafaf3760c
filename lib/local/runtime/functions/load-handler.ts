import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';
import { isJsonObject, ownValue, parseJson } from '../../shared/json.ts';

/** A Lambda handler as a bundle exports it. */
export type Handler = (event: unknown, context: unknown) => unknown;

/**
 * Loads `file.export` of a bundle as Lambda does: `.mjs` as an ES module, `.cjs` as CommonJS, `.js` as
 * the bundle's own package.json says and as CommonJS without one. A package.json above the bundle
 * (Tocsin's, when the assembly lies inside the project) has no say, as it has none in Lambda.
 */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, exportName] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const path = ['.js', '.mjs', '.cjs']
    .map((extension) => join(directory, file + extension))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new HandlerError(
      'Runtime.ImportModuleError',
      `Cannot find module '${file}' in the bundle.`,
    );
  }
  const exported = ownExport(await loadModule(path, directory), exportName);
  if (typeof exported !== 'function') {
    throw new HandlerError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (exported.length >= 3) {
    throw new HandlerError(
      'Runtime.CallbackHandlerDeprecated',
      'Node 24 runs no callback handlers: write an async function of (event, context).',
    );
  }
  // Checked above to be a function; what it takes and gives is the bundle's affair.
  return exported as Handler;
}

/** A bundle that cannot be run, with Lambda's name for the reason. */
export class HandlerError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

async function loadModule(path: string, directory: string): Promise<unknown> {
  const isEsm = path.endsWith('.mjs') || (path.endsWith('.js') && isModulePackage(directory));
  if (isEsm) return (await import(pathToFileURL(path).href)) as unknown;
  const module: { exports: unknown } = { exports: {} };
  // The public way to run CommonJS whatever the package.json above says; `import()` inside works.
  const run = compileFunction(
    readFileSync(path, 'utf8'),
    ['exports', 'require', 'module', '__filename', '__dirname'],
    { filename: path, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  );
  run.call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

function isModulePackage(directory: string): boolean {
  const path = join(directory, 'package.json');
  const manifest = existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined;
  return isJsonObject(manifest) && manifest['type'] === 'module';
}

/** esbuild defines exports as getters on the exports object; a module namespace has own keys too. */
function ownExport(exports: unknown, name: string): unknown {
  return isJsonObject(exports) ? ownValue(exports, name) : undefined;
}
