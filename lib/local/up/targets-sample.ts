import type { ArgoCdSandboxApplication } from '../sandbox/argocd/settings.ts';
import type { GitSandboxRepository } from '../sandbox/git/settings.ts';

/** The file that a deploy of a service changes in Git. */
const manifest = (service: string, tag: string): string =>
  `image: shop/${service}:${tag}\nreplicas: 3\n`;

/** Commits of a repository as deploys leave them: a version after the other. */
function deploys(service: string, tags: readonly string[], author: string): GitSandboxRepository {
  const path = `deploy/${service}/values.yaml`;
  return {
    host: 'github',
    name: 'example/shop',
    branch: 'main',
    commits: [
      { message: 'Begin the shop', author, files: { 'README.md': '# Shop\n' } },
      ...tags.map((tag) => ({
        message: `Deploy ${service} ${tag}`,
        author,
        files: { [path]: manifest(service, tag) },
      })),
    ],
  };
}

/** The repository of the example policy. */
export const gitRepositories: readonly GitSandboxRepository[] = [
  deploys('checkout', ['1.4.0', '1.4.1', '1.4.2'], 'lin'),
];

const revisions = [
  '4f1c0a9be2d37c5a68f01b9d2e7c3a5f4b6d8e01',
  '9a7be3d10c24f8576e1a2b3c4d5e6f708192a3b4',
  'c05d1e9f27a83b46d5c1f0e2a9b8c7d6e5f4a3b2',
] as const;

/** The Application of the example policy: synced by itself, as most are. */
export const argoCdApplications: readonly ArgoCdSandboxApplication[] = [
  {
    name: 'accounts',
    project: 'default',
    source: {
      repoURL: 'https://github.com/example/accounts',
      path: 'deploy/accounts',
      targetRevision: 'main',
    },
    automated: { prune: false, selfHeal: true },
    history: revisions.map((revision) => ({ revision })),
    head: revisions[2],
  },
];
