/**
 * How we call S3. What is kept there is at most a request body that Lambda takes (6 MB), so each
 * attempt ends after 3 s; S3 asks its callers to try again after a 500 or 503
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ErrorBestPractices.html).
 */
export const attemptTimeoutMs = 3000;
export const pausesMs = [100, 400] as const;

/** Larger than any object of ours; a larger one is not read into memory. */
export const maxObjectBytes = 64 * 1024 * 1024;
