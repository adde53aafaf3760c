import { minutes, seconds } from '../../domain/shared/time.ts';

/** How long Prometheus may work on a query, and how long we wait for it in all. */
export const queryWorkSeconds = 8;
export const queryTimeoutMs = seconds(10);
export const alertsTimeoutMs = seconds(10);
export const tokenTimeoutMs = seconds(5);
/** A health check that takes longer is not good: people would not wait either. */
export const healthTimeoutMs = seconds(2);

/** A query for a verdict gives a few series. */
export const maxAnswerBytes = 4 * 1024 * 1024;
/** All alerts of an Alertmanager, when no label of ours can narrow them. */
export const maxAlertsBytes = 16 * 1024 * 1024;
/** The text of a health check must stand in the first megabyte. */
export const maxHealthBytes = 1024 * 1024;

/** What others say in a failure, for a person to read. */
export const maxMessageLength = 300;

/** Longer values are compared here and not in the address. */
export const maxFilterValueLength = 200;

/** Prometheus sends what fires at least this often; until then a restarted Alertmanager is empty. */
export const alertsComeWithinMs = minutes(5);
/** The clocks of Prometheus and Alertmanager agree to within this. */
export const clocksDifferMs = seconds(10);

/** Google's longest, and how early a token is replaced. */
export const grantSeconds = 3600;
export const tokenMarginMs = minutes(2);
/** Tokens are kept for so many keys. */
export const maxKeptTokens = 16;
/** A longer wish to be left alone is not believed. */
export const maxRetryAfterMs = minutes(10);
