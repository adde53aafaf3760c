import { seconds } from '../../domain/shared/time.ts';

/** A read is an answer from Argo CD's cache; a write waits for Kubernetes, which takes 34 s at most. */
export const readTimeoutMs = seconds(10);
export const writeTimeoutMs = seconds(40);

/** An Application with its resources and history; the largest that etcd takes are 1.5 MB. */
export const maxAnswerBytes = 4 << 20;

/** Of Argo CD's own words, for a person. */
export const maxQuotedLength = 300;

/** A longer wish to be left alone is not believed. */
export const maxRetryAfterMs = 3_600_000;
