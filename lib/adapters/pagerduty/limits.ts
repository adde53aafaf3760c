/**
 * What PagerDuty takes. Sources: PagerDuty's developer documentation, "Send an alert event" and
 * "Events API v2 overview" (https://developer.pagerduty.com/docs/events-api-v2-overview), and the
 * published schema of the REST API. Texts are counted in UTF-16 units, the largest of the ways in
 * which "characters" can be meant, so that a text that fits here fits there.
 */
export const maxDedupKeyLength = 255;
export const maxSummaryLength = 1024;

/** "512 KB", read as the smaller of its two meanings, in bytes of UTF-8. */
export const maxEventBytes = 512_000;

/** PagerDuty states no bound for these; ours keeps the event readable and far from the whole. */
export const maxFieldLength = 1024;
export const maxLinkLength = 2048;
/** Of one detail, once the details as they are do not fit. */
export const maxCutDetailLength = 2048;
export const maxCutDetailNameLength = 128;

/** Answers that a person reads in a log line or a timeline. */
export const maxQuotedAnswerLength = 300;

/** A longer wish to be left alone is not believed. */
export const maxRetryAfterMs = 3_600_000;

/** Every look-up at the REST API ends after this, so that a webhook is answered within 5 s. */
export const directoryTimeoutMs = 3000;

/** PagerDuty's largest page of a list. */
export const restPageSize = 100;
/** Open incidents, services, turns: more than these many pages are not read. */
export const maxRestPages = 10;

/** PagerDuty documents no bound of a note or a message; ours keeps a webhook about it whole. */
export const maxNoteLength = 8000;

/** Alerts of one incident, in pages of 100; an incident takes at most 1,000 by merging. */
export const alertsPerPage = 100;
export const maxPagesOfAlerts = 10;
