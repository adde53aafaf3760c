import { isJsonObject, ownValue, type JsonObject } from '../../shared/json.ts';
import type { Faults } from '../http/faults.ts';
import { overviewReply } from '../http/overview.ts';
import type { PeopleRoute } from '../http/routes.ts';
import { bodyFields, textField } from '../slack/call.ts';
import { json, problem, type Reply } from '../slack/reply.ts';
import type { Deed, Repository } from './repository.ts';
import type { Store } from './store.ts';

/**
 * What people do beside the API: `push` a commit, `merge` or `close` a proposal. `/state` shows
 * every repository.
 */
export function peopleRoutes(store: Store, faults: Faults): readonly PeopleRoute[] {
  return [
    { routeKey: 'GET /', run: () => page(store) },
    {
      routeKey: 'GET /state',
      run: () => json(200, { repositories: store.repositories().map(stateOf) }),
    },
    {
      routeKey: 'DELETE /',
      run: () => {
        store.reset();
        faults.set([]);
        return json(200, { message: 'The sandbox is as it was at the start.' });
      },
    },
    {
      routeKey: 'POST /people/{act}',
      run: (call, { act = '' }) => {
        const fields = bodyFields(call);
        if (fields === undefined) return problem(400, 'The body must be a JSON object.');
        return perform(store, act, fields);
      },
    },
  ];
}

function perform(store: Store, act: string, fields: JsonObject): Reply {
  const host = textField(fields, 'host') === 'gitlab' ? 'gitlab' : 'github';
  const repository = store.find(host, textField(fields, 'repository'));
  if (repository === undefined) {
    return problem(400, "'host' must be github or gitlab, 'repository' the name of one there.");
  }
  const deed = deedOf(repository, act, fields);
  if (typeof deed === 'string') return problem(400, deed);
  const made = store.record(repository, deed);
  return json(200, { ok: true, sha: made?.sha ?? null });
}

/** A text says what is wrong. */
function deedOf(repository: Repository, act: string, fields: JsonObject): Deed | string {
  const number = Number(ownValue(fields, 'number'));
  switch (act) {
    case 'push':
      return {
        kind: 'committed',
        branch: textField(fields, 'branch') || repository.settings.branch,
        message: textField(fields, 'message') || 'Change',
        author: textField(fields, 'author') || 'ada',
        files: filesIn(fields),
      };
    case 'merge':
      return { kind: 'settled', number, state: 'merged' };
    case 'close':
      return { kind: 'settled', number, state: 'closed' };
    default:
      return 'An act is one of push, merge, close.';
  }
}

function filesIn(fields: JsonObject): Readonly<Record<string, string | null>> {
  const files = ownValue(fields, 'files');
  return Object.fromEntries(
    Object.entries(isJsonObject(files) ? files : {}).map(([path, content]) => [
      path,
      typeof content === 'string' ? content : null,
    ]),
  );
}

const stateOf = (repository: Repository): object => {
  const { host, name, branch } = repository.settings;
  return {
    host,
    name,
    branches: repository.branches().map((one) => ({
      name: one,
      sha: repository.head(one)?.sha,
      files: repository.head(one)?.tree,
    })),
    commits: repository.log(branch, '').map(({ tree: _tree, ...commit }) => commit),
    proposals: repository.proposals(),
  };
};

const page = (store: Store): Reply =>
  overviewReply(
    'Git sandbox',
    store.repositories().flatMap((repository) => {
      const { host, name, branch } = repository.settings;
      return [
        {
          heading: `${host}: ${name}, branch ${branch}`,
          columns: ['Commit', 'Message', 'Author'],
          rows: repository
            .log(branch, '')
            .map(({ sha, message, author }) => [sha.slice(0, 12), message, author]),
        },
        {
          heading: `Proposals in ${name}`,
          columns: ['Number', 'Title', 'Branch', 'State'],
          rows: repository
            .proposals()
            .map((one) => [String(one.number), one.title, one.branch, one.state]),
        },
      ];
    }),
  );
