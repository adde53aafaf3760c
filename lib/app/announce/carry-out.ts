import type { ChatMessage } from '../../domain/announce/message.ts';
import type { ChatView, Step } from '../../domain/announce/next-step.ts';
import {
  channelIsOver,
  channelWasRefused,
  gotChannel,
  lostCard,
  nameWasTaken,
  ownChanged,
  wasNotPosted,
  wasPosted,
  wasUpdated,
  type RowChange,
} from '../../domain/announce/row-changes.ts';
import type { PendingPost } from '../../domain/announce/row.ts';
import type { ChatPlace } from '../../domain/announce/message.ts';
import type { Chat, ChatFailure, PostedMessage } from '../../ports/chat.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Run } from './run.ts';
import { cardOf } from './look.ts';

/** What a step came to. */
export type Outcome =
  /** Go on with the row so changed; the places lead to the incident from then on. */
  | { readonly kind: 'done'; readonly to: RowChange; readonly places?: readonly ChatPlace[] }
  /** The call did not help, and no other would right now. `to`: what is known nevertheless. */
  | { readonly kind: 'failed'; readonly failure: ChatFailure; readonly to: RowChange | null };

type Outcomes = Promise<Outcome>;
type Failed = Extract<Outcome, { readonly kind: 'failed' }>;

const done = (to: RowChange, places: readonly ChatPlace[] = []): Outcome => ({
  kind: 'done',
  to,
  places,
});
const failed = (failure: ChatFailure, to: RowChange | null = null): Failed => ({
  kind: 'failed',
  failure,
  to,
});

/** Whether the same call may succeed later: nothing is wrong with what was asked for. */
export const isPassing = ({ kind }: ChatFailure): boolean =>
  kind === 'throttled' || kind === 'timeout' || kind === 'unavailable';

type Call = Exclude<Step, { readonly kind: 'rest' | 'post' }>;

/** Makes the one call of a step. Posts have their own way. */
export function carryOut(run: Run, view: ChatView, step: Call): Outcomes {
  const { chat } = run.deps;
  const tenant = run.tenant.id;
  switch (step.kind) {
    case 'find':
      return find(run, step.pending);
    case 'update':
      return update(run, view, step.which);
    case 'create-channel':
      return createChannel(run, step);
    case 'set-topic': {
      const { own, topic } = step;
      return onOwn(run, chat.setTopic(tenant, { channel: own.id, topic }), { topic });
    }
    case 'invite': {
      const { own, userIds } = step;
      const invited = [...own.invited, ...userIds];
      return onOwn(run, chat.invite(tenant, { channel: own.id, userIds }), { invited });
    }
    case 'archive':
      return onOwn(run, chat.archive(tenant, step.own.id), { isOver: true });
  }
}

/** A history that nobody lets us read says nothing: then it is posted, rather twice than never. */
async function find({ deps, tenant }: Run, pending: PendingPost): Outcomes {
  const { key, place, atMs: sinceMs } = pending;
  const found = await deps.chat.findPosted(tenant.id, { key, place, sinceMs });
  if (found.ok && found.value !== null) return posted(pending, found.value);
  if (!found.ok && isPassing(found.error)) return failed(found.error);
  if (!found.ok) {
    const { reason, message } = found.error;
    deps.log.warn('Nobody can say whether a message was posted.', { key, reason, message });
  }
  return done(wasNotPosted(key));
}

/** From a card in a channel hangs its thread. */
export function posted({ key, purpose }: PendingPost, { channel, ts }: PostedMessage): Outcome {
  const places = purpose.kind === 'home-card' ? [{ channel, threadTs: ts }] : [];
  return done(wasPosted(key, { channel, ts }), places);
}

async function update(run: Run, view: ChatView, which: 'home' | 'own'): Outcomes {
  const card = which === 'home' ? view.row.home : (view.row.own?.card ?? null);
  if (card === null) return done(lostCard(which));
  const { channel, ts } = card;
  const message = await cardOf(run, view, which);
  const updated = await inSomeForm(message, (form) =>
    run.deps.chat.update(run.tenant.id, { channel, ts, message: form }),
  );
  if (updated.ok) return done(wasUpdated(which, view.digests[which]));
  const elsewhere = isPassing(updated.error) ? null : cardLost(run, which, updated.error);
  return elsewhere === null ? failed(updated.error) : done(elsewhere);
}

/** What to change when a card cannot be updated, ever; null when that is the workspace's trouble. */
function cardLost(run: Run, which: 'home' | 'own', failure: ChatFailure): RowChange | null {
  if (failure.about === 'message') return lostCard(which);
  return failure.about === 'channel' && which === 'own' ? channelGone(run, failure) : null;
}

/** What the chat does not take with its layout it may take as plain text. */
export async function inSomeForm<Value>(
  message: ChatMessage,
  send: (form: ChatMessage) => Promise<Result<Value, ChatFailure>>,
): Promise<Result<Value, ChatFailure>> {
  const sent = await send(message);
  const isAboutForm = !sent.ok && sent.error.about === 'message' && sent.error.kind !== 'not_found';
  return isAboutForm ? send({ text: message.text, blocks: [] }) : sent;
}

async function createChannel(
  { deps, tenant }: Run,
  { name, isPrivate }: Extract<Step, { readonly kind: 'create-channel' }>,
): Outcomes {
  const created = await deps.chat.createChannel(tenant.id, { name, isPrivate });
  if (created.ok) {
    return done(gotChannel(created.value), [{ channel: created.value.id, threadTs: null }]);
  }
  const { error } = created;
  if (error.kind === 'conflict') return done(nameWasTaken);
  if (isPassing(error)) return failed(error);
  deps.log.warn('The incident gets no channel of its own.', { name, why: error.message });
  return done(channelWasRefused);
}

type OwnChange = Partial<Parameters<Parameters<typeof ownChanged>[0]>[0]>;

/** A call on the own channel. What Slack will not do there is not asked for again. */
async function onOwn(run: Run, call: ReturnType<Chat['archive']>, change: OwnChange): Outcomes {
  const answer = await call;
  if (answer.ok) return done(ownChanged(() => change));
  const { error } = answer;
  if (isPassing(error)) return failed(error);
  if (error.about === 'channel' && error.kind === 'not_found') return done(channelGone(run, error));
  run.deps.log.warn('The incident’s channel is not as it should be.', { why: error.message });
  return done(ownChanged(() => change));
}

/** Somebody archived the channel, or took us out: the thread goes on. */
export function channelGone({ deps }: Run, { message }: ChatFailure): RowChange {
  deps.log.warn('The incident’s channel is gone; its thread goes on.', { why: message });
  return channelIsOver;
}
