import { createFaults } from '../http/faults.ts';
import { serveRoutes } from '../http/routes.ts';
import { createSandboxServer, type Sandbox } from '../http/sandbox-server.ts';
import { githubRoutes } from './github-api.ts';
import { gitlabRoutes } from './gitlab-api.ts';
import { peopleRoutes } from './people.ts';
import type { GitSandboxSettings } from './settings.ts';
import { Store } from './store.ts';

/** Where the sandbox is on the server that it is mounted in. */
export const GIT_SANDBOX_PATH = '/sandbox/git';

/** Bases of the two APIs, below the sandbox's own path. */
export const GITHUB_API_PATH = `${GIT_SANDBOX_PATH}/github`;
export const GITLAB_API_PATH = `${GIT_SANDBOX_PATH}/gitlab/api/v4`;

/**
 * GitHub and GitLab on one machine, as far as a revert needs them: branches, commits on a path,
 * trees, reverts that conflict, branches that are protected, pull and merge requests.
 */
export function createGitSandbox(settings: GitSandboxSettings): Sandbox {
  const { timekeeper, tokens, siteUrl = '' } = settings;
  const store = new Store(settings);
  const faults = createFaults(timekeeper);
  const deps = { store, tokens, url: siteUrl + GIT_SANDBOX_PATH };
  return createSandboxServer({
    mount: GIT_SANDBOX_PATH,
    timekeeper,
    setFaults: faults.set,
    serve: serveRoutes({
      faults,
      api: [...githubRoutes(deps), ...gitlabRoutes(deps)],
      people: peopleRoutes(store, faults),
    }),
  });
}
