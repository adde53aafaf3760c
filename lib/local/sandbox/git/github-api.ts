import { isJsonObject, ownValue } from '../../shared/json.ts';
import { textField, type Call } from '../slack/call.ts';
import { json, type Reply } from '../slack/reply.ts';
import type { ApiRoute } from '../http/routes.ts';
import { ask, type Asked, type HostDeps } from './ask.ts';
import { blobSha, subtree, treeSha, withFiles, type Commit, type Tree } from './objects.ts';
import type { Proposed } from './repository.ts';

const ROOT = '/github/repos/{owner}/{name}';

/** GitHub's Git database and pull requests (https://docs.github.com/rest), version 2022-11-28. */
export function githubRoutes(deps: HostDeps): readonly ApiRoute[] {
  const route = (routeKey: string, operation: string, run: (of: Asked) => Reply): ApiRoute => ({
    routeKey,
    operation,
    run: (call, parameters) => {
      const of = asked(deps, call, parameters);
      return 'kind' in of ? of : run(of);
    },
  });
  return [
    route(`GET ${ROOT}/git/ref/heads/{branch+}`, 'head', head),
    route(`GET ${ROOT}/commits`, 'commits', commits),
    route(`GET ${ROOT}/git/commits/{sha}`, 'commit', commit),
    route(`GET ${ROOT}/git/trees/{sha}`, 'tree', tree),
    route(`POST ${ROOT}/git/trees`, 'make-tree', makeTree),
    route(`POST ${ROOT}/git/commits`, 'make-commit', makeCommit),
    route(`POST ${ROOT}/git/refs`, 'make-branch', makeBranch),
    route(`GET ${ROOT}/pulls`, 'proposals', pulls),
    route(`POST ${ROOT}/pulls`, 'propose', propose),
  ];
}

const refuse = (status: number, message: string, errors: readonly object[] = []): Reply =>
  json(status, {
    message,
    ...(errors.length === 0 ? {} : { errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  });

const notFound = refuse(404, 'Not Found');

function asked(
  deps: HostDeps,
  call: Call,
  parameters: Readonly<Record<string, string>>,
): Asked | Reply {
  const { owner = '', name = '' } = parameters;
  const result = ask(deps, { call, parameters }, deps.store.find('github', `${owner}/${name}`));
  if (result === 'unauthorized') return refuse(401, 'Bad credentials');
  if (result === 'no_json') return refuse(400, 'Problems parsing JSON');
  return result === 'no_repository' ? notFound : result;
}

function head({ repository, parameters }: Asked): Reply {
  const { branch = '' } = parameters;
  const at = repository.head(branch);
  return at === undefined
    ? notFound
    : json(200, { ref: `refs/heads/${branch}`, object: { type: 'commit', sha: at.sha } });
}

function commits({ repository, call }: Asked): Reply {
  const { query } = call;
  const found = repository.log(query.get('sha') ?? 'main', query.get('path') ?? '');
  return json(200, found.slice(0, Number(query.get('per_page') ?? 30)).map(listedCommit));
}

const listedCommit = ({ sha, message, author, atMs }: Commit): object => ({
  sha,
  commit: {
    message,
    author: { name: author, email: `${author}@example.com`, date: iso(atMs) },
    committer: { name: author, email: `${author}@example.com`, date: iso(atMs) },
  },
  author: { login: author },
});

const iso = (atMs: number): string => new Date(atMs).toISOString();

function commit({ repository, parameters }: Asked): Reply {
  const found = repository.commit(parameters['sha'] ?? '');
  return found === undefined ? notFound : json(200, madeCommit(found));
}

const madeCommit = ({ sha, message, parents, tree: files }: Commit): object => ({
  sha,
  message,
  tree: { sha: treeSha(files) },
  parents: parents.map((parent) => ({ sha: parent })),
});

function tree({ repository, parameters, call }: Asked): Reply {
  const { sha = '' } = parameters;
  const files = repository.tree(sha);
  if (files === undefined) return notFound;
  const isWhole = call.query.has('recursive');
  return json(200, { sha, truncated: false, tree: entriesOf(files, isWhole) });
}

function entriesOf(files: Tree, isWhole: boolean): readonly object[] {
  const names = new Set(
    Object.keys(files).map((path) => (isWhole ? path : (path.split('/')[0] ?? ''))),
  );
  return [...names].sort().map((path) => {
    const content = files[path];
    return content === undefined
      ? { path, mode: '040000', type: 'tree', sha: treeSha(subtree(files, path)) }
      : { path, mode: '100644', type: 'blob', sha: blobSha(content) };
  });
}

function makeTree({ store, repository, fields }: Asked): Reply {
  const base = repository.tree(textField(fields, 'base_tree'));
  if (base === undefined && textField(fields, 'base_tree') !== '') return notFound;
  const listed = ownValue(fields, 'tree');
  const changes: [string, string | null][] = [];
  for (const entry of Array.isArray(listed) ? listed.filter(isJsonObject) : []) {
    const sha = ownValue(entry, 'sha');
    const content = typeof sha === 'string' ? repository.blob(sha) : null;
    if (content === undefined) return refuse(422, `tree.sha ${String(sha)} is not a valid blob`);
    changes.push([textField(entry, 'path'), content]);
  }
  const made = withFiles(base ?? {}, Object.fromEntries(changes));
  store.record(repository, { kind: 'tree', tree: made });
  return json(201, { sha: treeSha(made) });
}

function makeCommit({ store, repository, fields }: Asked): Reply {
  const files = repository.tree(textField(fields, 'tree'));
  if (files === undefined) return refuse(422, 'Tree SHA does not exist');
  const listed = ownValue(fields, 'parents');
  const parents = Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : [];
  const message = textField(fields, 'message');
  const made = store.record(repository, { kind: 'loose', message, parents, tree: files });
  return made === undefined ? notFound : json(201, madeCommit(made));
}

function makeBranch({ store, repository, fields }: Asked): Reply {
  const ref = textField(fields, 'ref');
  const sha = textField(fields, 'sha');
  const branch = ref.replace(/^refs\/heads\//, '');
  if (repository.head(branch) !== undefined) return refuse(422, 'Reference already exists');
  if (repository.commit(sha) === undefined) return refuse(422, 'Object does not exist');
  if (repository.isProtected(branch)) {
    return refuse(422, `Repository rule violations found: cannot create ref due to creations`);
  }
  store.record(repository, { kind: 'branched', branch, sha });
  return json(201, { ref, object: { type: 'commit', sha } });
}

function pulls(of: Asked): Reply {
  const { repository, call } = of;
  const wanted = (call.query.get('head') ?? '').replace(/^[^:]*:/, '');
  const state = call.query.get('state') ?? 'open';
  return json(
    200,
    repository
      .proposals()
      .filter((one) => wanted === '' || one.branch === wanted)
      .filter((one) => state === 'all' || one.state === state)
      .map((one) => pullOf(of, one)),
  );
}

function pullOf({ repository, url }: Asked, proposal: Proposed): object {
  const { number, title, body, state, branch, base } = proposal;
  return {
    number,
    title,
    body,
    state: state === 'open' ? 'open' : 'closed',
    merged_at: state === 'merged' ? iso(0) : null,
    html_url: `${url}#github/${repository.settings.name}/${String(number)}`,
    head: { ref: branch, sha: repository.head(branch)?.sha ?? '' },
    base: { ref: base },
  };
}

function propose(of: Asked): Reply {
  const { store, repository, fields } = of;
  const branch = textField(fields, 'head');
  const base = textField(fields, 'base');
  if (repository.head(branch) === undefined || repository.head(base) === undefined) {
    return refuse(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'invalid' }]);
  }
  if (repository.proposals().some((one) => one.branch === branch && one.state === 'open')) {
    const message = `A pull request already exists for ${branch}.`;
    return refuse(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }]);
  }
  const texts = { title: textField(fields, 'title'), body: textField(fields, 'body') };
  store.record(repository, { kind: 'proposed', branch, base, ...texts });
  const [made] = repository.proposals();
  return made === undefined ? notFound : json(201, pullOf(of, made));
}
