import type { ChatView, Step } from '../../domain/announce/next-step.ts';
import {
  aboutToPost,
  inTurn,
  lostCard,
  wasNotPosted,
  wasRefused,
  type RowChange,
} from '../../domain/announce/row-changes.ts';
import type { PendingPost } from '../../domain/announce/row.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { ChatFailure } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { amend, type Amended } from './amend.ts';
import { channelGone, inSomeForm, isPassing, posted, type Outcome } from './carry-out.ts';
import type { Run } from './run.ts';
import { cardOf, linesMessage } from './look.ts';

type Post = Extract<Step, { readonly kind: 'post' }>;

export interface Announced {
  readonly amended: Amended;
  /** Null when somebody else is posting: then there is nothing to do but to look again. */
  readonly outcome: Outcome | null;
}

/**
 * Posts once: that it is about to be posted is written down first, so that whoever finds an
 * unknown outcome looks for the message before posting it again.
 */
export async function post(
  run: Run,
  view: ChatView,
  { place, purpose }: Post,
): Promise<Result<Announced, PortFailure>> {
  const { row, incident } = view;
  const key = `${incident.id}/${purpose.kind}/${row.version + 1}`;
  const pending: PendingPost = { key, place, purpose, atMs: run.deps.clock.now() };
  const marked = await amend(run.deps, row, { to: aboutToPost(pending) });
  if (!marked.ok) return marked;
  const amended = marked.value;
  if (amended.isContended || !amended.isMade) return takeBack(run, amended, key);
  const message =
    purpose.kind === 'lines'
      ? linesMessage(run, view)
      : await cardOf(run, view, purpose.kind === 'home-card' ? 'home' : 'own');
  const sent = await inSomeForm(message, (form) =>
    run.deps.chat.post(run.tenant.id, { place, message: form, key }),
  );
  const outcome = sent.ok ? posted(pending, sent.value) : notPosted(run, pending, sent.error);
  return ok({ amended, outcome });
}

/** Somebody else changed the row: what was to be posted may be old, or may be posted by them. */
async function takeBack(
  run: Run,
  amended: Amended,
  key: string,
): Promise<Result<Announced, PortFailure>> {
  if (!amended.isMade) return ok({ amended, outcome: null });
  const back = await amend(run.deps, amended.row, { to: wasNotPosted(key) });
  return back.ok ? ok({ amended: back.value, outcome: null }) : back;
}

function notPosted(run: Run, pending: PendingPost, failure: ChatFailure): Outcome {
  const { key, purpose } = pending;
  if (isUnknown(failure)) return { kind: 'failed', failure, to: null };
  const elsewhere = isPassing(failure) ? null : inAnotherWay(run, pending, failure);
  if (elsewhere !== null) return { kind: 'done', to: inTurn(wasNotPosted(key), elsewhere) };
  if (failure.about !== 'message') return { kind: 'failed', failure, to: wasNotPosted(key) };
  run.deps.log.error('Slack takes a message in no form.', { key, why: failure.message });
  return purpose.kind === 'lines'
    ? { kind: 'done', to: wasRefused(key) }
    : { kind: 'failed', failure, to: wasNotPosted(key) };
}

/** The call may have been carried out. */
const isUnknown = ({ kind }: ChatFailure): boolean => kind === 'timeout' || kind === 'unavailable';

/** What to change so that the next step has another place to post to; null when there is none. */
function inAnotherWay(
  run: Run,
  { place, purpose }: PendingPost,
  failure: ChatFailure,
): RowChange | null {
  const isHome = place.channel === run.tenant.slack.channel;
  if (failure.about === 'channel') return isHome ? null : channelGone(run, failure);
  const isThreadGone = failure.kind === 'not_found' && failure.about === 'message';
  return isThreadGone && purpose.kind === 'lines' ? lostCard('home') : null;
}
