import { durationMs, minutes, seconds } from '../../domain/shared/time.ts';

/** A server works on a PATCH for at most 34 s (apiserver, `patch.go`); reads take far less. */
export const usualTimeouts = { readMs: seconds(10), writeMs: seconds(40) };

/** A page of 500 Pods is some 4 MB; one object is at most 1.5 MB in etcd. */
export const maxListBytes = 16 * 1024 * 1024;
export const maxObjectBytes = 4 * 1024 * 1024;

/** As kubectl asks for them. */
export const pageSize = 500;
/** Ten thousand objects of one kind behind one selector are no target of ours. */
export const maxPages = 20;

export const maxSockets = 4;

/** Before a read is tried again, where the server does not say how long. */
export const pauseMs = durationMs(200);
/** A longer wish is handed to the caller. */
export const maxPauseMs = seconds(3);
/** A longer one is not believed. */
export const maxRetryAfterMs = minutes(10);

/** What a server says in a failure, for a person to read. */
export const maxMessageLength = 500;

/**
 * A token of EKS lives for 15 minutes, of which the reference client uses 14
 * (kubernetes-sigs/aws-iam-authenticator, `pkg/token/token.go`); ours leaves one more for the call.
 */
export const tokenUsedMs = minutes(13);
/** Ignored by the verifier but for its range. */
export const tokenExpiresSeconds = 60;
/** A longer token is refused by the verifier. */
export const maxTokenLength = 4096;

/** Address and authority of a cluster hardly ever change. */
export const describedForMs = minutes(15);
/** While EKS cannot be asked, so that not every call waits for it. */
export const describeAgainMs = minutes(1);
/** EKS and STS answer in well under a second. */
export const awsTimeoutMs = seconds(5);
export const maxAwsBytes = 1024 * 1024;
/** The shortest session that STS gives. */
export const sessionSeconds = 900;

/** Credentials are not used in their last minutes: a call must end before they do. */
export const expiryMarginMs = minutes(2);

/** Sessions and tokens are kept for so many actions at once. */
export const maxKept = 64;
