import type { TenantPolicy } from '../../domain/policy/policy.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { seconds } from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { plainMessage, type SlackAnswer, type SlackDeps, type SlackEntry } from './deps.ts';
import { receiveCommand } from './receive-command.ts';
import { receiveInteraction } from './receive-interaction.ts';
import type { Received } from './replying.ts';

/** A request as it came off the network. */
export interface SlackPost {
  readonly entry: SlackEntry;
  readonly rawBody: Uint8Array;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly requestId: string;
}

export type SlackReceived =
  | { readonly kind: 'answered'; readonly answer: SlackAnswer }
  /** Not signed by Slack for us, or not just now. */
  | { readonly kind: 'unauthorized' }
  /** We cannot tell whether it is signed: nothing is done. */
  | { readonly kind: 'busy'; readonly failure: PortFailure };

/** Slack waits for three seconds; the way there and a cold start take some of them. */
const patienceMs = seconds(2);

/**
 * Takes one request of Slack: proven over its raw bytes, of a person of the policy, and used once.
 * What it changes is committed before the answer. When that takes too long, the answer says so,
 * rather than that Slack shows an error of its own.
 */
export async function receiveSlack(deps: SlackDeps, post: SlackPost): Promise<SlackReceived> {
  const signed = await whoSigned(deps, post);
  if (!signed.ok) return { kind: 'busy', failure: signed.error };
  const [first, ...others] = signed.value;
  const { requestId, entry } = post;
  if (first === undefined) {
    deps.log.warn('A request without a fresh signature of Slack was refused.', {
      entry,
      requestId,
    });
    return { kind: 'unauthorized' };
  }
  const seal = deps.hashing.digestBytes(post.rawBody);
  const answer = await Promise.race([
    deps.inTurn(() => take(deps, { tenants: [first, ...others], seal, requestId }, post)),
    deps.clock.sleep(patienceMs),
  ]);
  return { kind: 'answered', answer: answer ?? tooSlow(deps, post) };
}

/** The tenants whose secret the request was signed with; looks twice, for one just rotated. */
async function whoSigned(
  deps: SlackDeps,
  { rawBody, timestamp, signature }: SlackPost,
): Promise<Result<readonly TenantPolicy[], PortFailure>> {
  for (const freshness of ['cached', 'fresh'] as const) {
    const secret = await deps.secrets.slack(freshness);
    if (!secret.ok) return secret;
    const secrets = Object.fromEntries(
      Object.entries(secret.value.workspaces).map(([id, held]) => [id, held.signingSecrets]),
    );
    const nowMs = deps.clock.now();
    const signed = deps.verify({ rawBody, timestamp, signature, secrets, nowMs });
    if (signed.length > 0) return ok(deps.policy.tenants.filter(({ id }) => signed.includes(id)));
  }
  return ok([]);
}

async function take(
  deps: SlackDeps,
  received: Received,
  { entry, rawBody }: SlackPost,
): Promise<SlackAnswer> {
  const decoded = deps.decoders[entry](rawBody);
  if (!decoded.ok) {
    const { reason } = decoded.error;
    const { requestId } = received;
    deps.log.warn('A request of Slack cannot be read.', { entry, requestId, why: reason });
    return plainMessage('This cannot be read. Nothing was done.');
  }
  const request = decoded.value;
  switch (request.kind) {
    case 'command':
      return receiveCommand(deps, received, request);
    case 'block_action':
    case 'view_submission':
    case 'shortcut':
    case 'message_action':
      return receiveInteraction(deps, received, request);
    case 'view_closed':
    case 'ssl_check':
    case 'other':
      return { kind: 'nothing' };
  }
}

function tooSlow({ log }: SlackDeps, { entry, requestId }: SlackPost): SlackAnswer {
  log.error('A request of Slack was not answered in time.', { entry, requestId });
  return entry === 'commands'
    ? plainMessage('This takes long: it may or may not be done. Look before you try again.')
    : { kind: 'nothing' };
}
