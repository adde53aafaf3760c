import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The behaviour flags that aws-cdk-lib recommends in the version that the lockfile pins. Set here
 * and not in `cdk.json`, so that the `cdk` command and the one-machine runtime, which both come
 * through this code, synthesize the same template.
 */
export const FEATURE_FLAGS: Readonly<Record<string, unknown>> = recommended;
