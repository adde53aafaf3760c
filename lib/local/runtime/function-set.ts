import type { Timekeeper } from '../shared/timekeeper.ts';
import { functionEnvironment, type LocalAws } from './functions/environment.ts';
import { FunctionHost, type HostSettings, type HostStatus } from './functions/function-host.ts';
import type { InvocationResult } from './functions/invocation.ts';
import type { FunctionSpec, TemplateModel } from './template/model.ts';

/** Every function of a template. */
export interface FunctionSet {
  /** Runs a function, named by its label, its physical name or its logical id. */
  readonly invoke: (name: string, event: string) => Promise<InvocationResult>;
  /** Loads the code of every function that something in the template calls. */
  readonly warm: (template: TemplateModel) => void;
  readonly status: () => readonly HostStatus[];
  readonly stop: () => Promise<void>;
}

export interface FunctionSetDeps {
  readonly aws: LocalAws;
  readonly overrides: Readonly<Record<string, string>>;
  readonly settings: HostSettings;
  readonly timekeeper: Timekeeper;
  readonly log: (label: string, text: string) => void;
}

/** Makes a host for every function; threads start when they are warmed or first needed. */
export function createFunctionSet(
  functions: readonly FunctionSpec[],
  deps: FunctionSetDeps,
): FunctionSet {
  const hosts = functions.map((spec) => createHost(spec, deps));
  const byName = new Map(
    hosts.flatMap((host) => [
      [host.spec.label, host] as const,
      [host.spec.logicalId, host] as const,
      [host.spec.name, host] as const,
    ]),
  );
  return {
    invoke: async (name, event) => {
      const host = byName.get(name);
      if (host !== undefined) return await host.invoke(event);
      const errorMessage = `Function not found: ${name}`;
      return {
        kind: 'function_error',
        error: { errorType: 'ResourceNotFoundException', errorMessage },
      };
    },
    warm: (template) => {
      for (const name of calledFunctions(template)) byName.get(name)?.warm();
    },
    status: () => hosts.map((host) => host.status()),
    stop: async () => {
      await Promise.all(hosts.map((host) => host.stop()));
    },
  };
}

function createHost(spec: FunctionSpec, deps: FunctionSetDeps): FunctionHost {
  return new FunctionHost(spec, {
    environment: functionEnvironment(spec, deps.aws, deps.overrides),
    settings: deps.settings,
    timekeeper: deps.timekeeper,
    log: (text) => {
      deps.log(spec.label, text);
    },
  });
}

/** CDK adds functions that only a deployment calls; those stay cold. */
function calledFunctions(template: TemplateModel): ReadonlySet<string> {
  const targets = [...template.eventRules, ...template.schedules].flatMap((rule) => rule.targets);
  const callers = [...template.routes, ...template.streamMappings, ...targets];
  return new Set(callers.map(({ functionName }) => functionName));
}
