import { seconds } from '../../domain/shared/time.ts';

export const readTimeoutMs = seconds(10);
export const writeTimeoutMs = seconds(40);

/** GitHub cuts a tree at 7 MB (https://docs.github.com/rest/git/trees). */
export const maxAnswerBytes = 8 << 20;

/** Files that one proposal puts back; more is no revert of a deploy. */
export const maxFiles = 1000;

/** Both hosts' largest page. */
export const maxPerPage = 100;

/** Folders on the way to a path. */
export const maxPathDepth = 20;

/** Of a host's own words, for a person. */
export const maxQuotedLength = 300;

/** A longer wish to be left alone is not believed. */
export const maxRetryAfterMs = 3_600_000;

export const maxLinkLength = 2048;
