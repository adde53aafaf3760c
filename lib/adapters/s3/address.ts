/** Where the objects of a bucket are. */
export interface BucketAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path before every key, with a slash at its end. */
  readonly prefix: string;
}

/**
 * The bucket is part of the host name, as AWS wants it; part of the path where another endpoint is
 * given, and where its name has a dot, for which S3 has no certificate.
 */
export function bucketAddress(of: {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
}): BucketAddress {
  const { bucket, region, endpoint } = of;
  if (endpoint !== undefined) {
    const { origin, pathname } = new URL(endpoint);
    return { origin, prefix: `${pathname.replace(/\/$/, '')}/${encoded(bucket)}/` };
  }
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const host = `s3.${region}.${suffix}`;
  return bucket.includes('.')
    ? { origin: `https://${host}`, prefix: `/${encoded(bucket)}/` }
    : { origin: `https://${bucket}.${host}`, prefix: '/' };
}

/** A key in a path: encoded once, with its slashes, dots and double slashes as they are. */
export const encodedKey = (key: string): string => key.split('/').map(encoded).join('/');

/** Every byte but letters, digits and `-._~`, as the signature counts them. */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
