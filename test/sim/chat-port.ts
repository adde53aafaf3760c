import type { Chat } from '../../lib/ports/chat.ts';
import { asChatFailure, eachCall } from './actors/slack.ts';
import type { Chances, Invocation } from './engine/invocation.ts';

/** As the adapter has it. */
const callTimeoutMs = 3_000;

/** Slack as one run of a function calls it: with a time limit, and in the weather of Slack. */
export const chatPort = (invocation: Invocation, chat: Chat, chances: Chances): Chat =>
  eachCall(chat, async (name, call) => {
    const answer = await invocation.timed(`chat.${name}`, callTimeoutMs, call, chances);
    return answer.ok ? answer : { ok: false, error: asChatFailure(answer.error) };
  });
