import { textField, type Call } from '../slack/call.ts';
import { json, type Reply } from '../slack/reply.ts';
import type { ApiRoute } from '../http/routes.ts';
import { ask, type Asked, type HostDeps } from './ask.ts';
import { differing, type Commit, type Tree } from './objects.ts';
import type { Proposed } from './repository.ts';

const ROOT = '/gitlab/api/v4/projects/{project}';

/** GitLab's branches, commits and merge requests (https://docs.gitlab.com/api/rest/). */
export function gitlabRoutes(deps: HostDeps): readonly ApiRoute[] {
  const route = (routeKey: string, operation: string, run: (of: Asked) => Reply): ApiRoute => ({
    routeKey,
    operation,
    run: (call, parameters) => {
      const of = asked(deps, call, parameters);
      return 'kind' in of ? of : run(of);
    },
  });
  return [
    route(`GET ${ROOT}/repository/branches/{branch}`, 'head', head),
    route(`POST ${ROOT}/repository/branches`, 'make-branch', makeBranch),
    route(`GET ${ROOT}/repository/commits`, 'commits', commits),
    route(`POST ${ROOT}/repository/commits/{sha}/revert`, 'revert', revert),
    route(`GET ${ROOT}/merge_requests`, 'proposals', mergeRequests),
    route(`POST ${ROOT}/merge_requests`, 'propose', propose),
  ];
}

const refuse = (status: number, message: unknown): Reply => json(status, { message });

function asked(
  deps: HostDeps,
  call: Call,
  parameters: Readonly<Record<string, string>>,
): Asked | Reply {
  const { project = '' } = parameters;
  const result = ask(deps, { call, parameters }, deps.store.find('gitlab', project));
  if (result === 'unauthorized') return refuse(401, '401 Unauthorized');
  if (result === 'no_json') return json(400, { error: 'body is not JSON' });
  return result === 'no_repository' ? refuse(404, '404 Project Not Found') : result;
}

function head({ repository, parameters }: Asked): Reply {
  const { branch = '' } = parameters;
  const at = repository.head(branch);
  return at === undefined ? refuse(404, '404 Branch Not Found') : json(200, branchOf(branch, at));
}

const branchOf = (name: string, at: Commit): object => ({ name, commit: shown(at) });

const shown = ({ sha, message, author, atMs, parents }: Commit): object => ({
  id: sha,
  short_id: sha.slice(0, 8),
  title: message.split('\n')[0],
  message,
  author_name: author,
  author_email: `${author}@example.com`,
  committed_date: new Date(atMs).toISOString(),
  parent_ids: parents,
});

function makeBranch({ store, repository, fields }: Asked): Reply {
  const branch = textField(fields, 'branch');
  const ref = textField(fields, 'ref');
  const at = repository.head(ref) ?? repository.commit(ref);
  if (repository.head(branch) !== undefined) return refuse(400, 'Branch already exists');
  if (at === undefined) return refuse(400, `Invalid reference name: ${ref}`);
  if (repository.isProtected(branch)) {
    return refuse(403, 'You are not allowed to create protected branches on this project.');
  }
  store.record(repository, { kind: 'branched', branch, sha: at.sha });
  return json(201, branchOf(branch, at));
}

function commits({ repository, call }: Asked): Reply {
  const { query } = call;
  const found = repository.log(query.get('ref_name') ?? 'main', query.get('path') ?? '');
  return json(200, found.slice(0, Number(query.get('per_page') ?? 20)).map(shown));
}

function revert(of: Asked): Reply {
  const { repository, fields, parameters } = of;
  const isDryRun = fields['dry_run'] === true;
  const tree = repository.revertOn(textField(fields, 'branch'), parameters['sha'] ?? '');
  if (tree === 'missing') return noCommit;
  if (tree === 'conflict' || tree === 'empty') return cannot(tree, isDryRun);
  return isDryRun ? json(200, { dry_run: 'success' }) : commitRevert(of, tree);
}

function commitRevert({ store, repository, fields, parameters }: Asked, tree: Tree): Reply {
  const { sha = '' } = parameters;
  const branch = textField(fields, 'branch');
  const title = repository.commit(sha)?.message ?? '';
  const before = repository.head(branch)?.tree ?? {};
  const made = store.record(repository, {
    kind: 'committed',
    branch,
    message: `Revert "${title}"\n\nThis reverts commit ${sha}`,
    author: 'tocsin',
    files: Object.fromEntries(differing(before, tree).map((path) => [path, tree[path] ?? null])),
  });
  return made === undefined ? noCommit : json(201, shown(made));
}

const noCommit = refuse(404, '404 Commit Not Found');

const cannot = (error: 'conflict' | 'empty', isDryRun: boolean): Reply =>
  json(400, {
    message:
      'Sorry, we cannot revert this commit automatically. This commit may already have been ' +
      'reverted, or a more recent commit may have updated some of its content.',
    error_code: error,
    ...(isDryRun ? { dry_run: 'error' } : {}),
  });

function mergeRequests(of: Asked): Reply {
  const { repository, call } = of;
  const branch = call.query.get('source_branch') ?? '';
  return json(
    200,
    repository
      .proposals()
      .filter((one) => branch === '' || one.branch === branch)
      .map((one) => mergeRequestOf(of, one)),
  );
}

function mergeRequestOf({ repository, url }: Asked, proposal: Proposed): object {
  const { number, title, body, state, branch, base } = proposal;
  return {
    iid: number,
    title,
    description: body,
    state: state === 'open' ? 'opened' : state,
    source_branch: branch,
    target_branch: base,
    sha: repository.head(branch)?.sha ?? '',
    web_url: `${url}#gitlab/${repository.settings.name}/${String(number)}`,
  };
}

function propose(of: Asked): Reply {
  const { store, repository, fields } = of;
  const branch = textField(fields, 'source_branch');
  const base = textField(fields, 'target_branch');
  const known = repository.proposals().find((one) => one.branch === branch && one.state === 'open');
  if (known !== undefined) {
    const message = `Another open merge request already exists for this source branch: !${String(known.number)}`;
    return refuse(409, [message]);
  }
  if (repository.head(branch) === undefined) return refuse(400, 'source_branch does not exist');
  const texts = { title: textField(fields, 'title'), body: textField(fields, 'description') };
  store.record(repository, { kind: 'proposed', branch, base, ...texts });
  const [made] = repository.proposals();
  return made === undefined ? refuse(404, '404 Not Found') : json(201, mergeRequestOf(of, made));
}
