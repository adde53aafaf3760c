import { createFaults } from '../http/faults.ts';
import { serveRoutes } from '../http/routes.ts';
import { createSandboxServer, type Sandbox } from '../http/sandbox-server.ts';
import { apiRoutes } from './api.ts';
import { peopleRoutes } from './people.ts';
import type { ArgoCdSandboxSettings } from './settings.ts';
import { World } from './world.ts';

/** Where the sandbox is on the server that it is mounted in; the API is below it, at `api/v1`. */
export const ARGOCD_SANDBOX_PATH = '/sandbox/argocd';

/**
 * Argo CD on one machine: the calls for an Application that a rollback needs, with the controller's
 * behaviour behind them: auto-sync brings Git's head and forbids rollbacks, one operation at a time,
 * sync windows that hold, a history, health that follows an operation, owners that put settings back.
 */
export function createArgoCdSandbox(settings: ArgoCdSandboxSettings): Sandbox {
  const { timekeeper, accounts } = settings;
  const world = new World(settings);
  const faults = createFaults(timekeeper);
  const api = apiRoutes({ world, accounts });
  const people = peopleRoutes(world, faults);
  return createSandboxServer({
    mount: ARGOCD_SANDBOX_PATH,
    timekeeper,
    setFaults: faults.set,
    serve: serveRoutes({ faults, api, people }),
  });
}
