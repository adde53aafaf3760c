/**
 * What Slack allows, and what we ask of it. Sources: the reference of each method on
 * https://docs.slack.dev/reference/methods and the JSDoc of @slack/web-api 8.2.0.
 */
import { seconds } from '../../domain/shared/time.ts';

/** Every call but one ends after this. */
export const callTimeoutMs = seconds(4);

/** A form must be open 3 s after the click, and the click's own way here takes part of that. */
export const viewTimeoutMs = seconds(1.5);

/** Characters of a channel's topic. */
export const maxTopicLength = 250;

/** People in one `conversations.invite`. */
export const maxInvited = 1000;

/** Where our own message is looked for: the newest thousand of the place. */
export const historyPageSize = 200;
export const maxHistoryPages = 5;

/** Slack's clock and ours may differ by this much. */
export const clockDriftMs = seconds(60);

/** A longer wish to be left alone is not believed. */
export const maxRetryAfterMs = 3_600_000;

/** When Slack does not say how long to wait after a 429. */
export const defaultRetryAfterMs = seconds(30);
