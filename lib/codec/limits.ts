/**
 * What of an authenticated delivery is read. Nothing is refused for being longer: it is cut, and
 * the record says so. Only what cannot be read safely at all (too deep, too many keys, too large
 * without its alerts) is unreadable. The raw body is kept whole by the caller in every case.
 *
 * Lengths of text are counted in Unicode code points, so that no cut splits a character.
 */
export interface IntakeLimits {
  /** Bytes of a body that are parsed. Alerts that lie beyond are left out, with a mark. */
  readonly bodyBytes: number;
  /** Nesting of objects and lists. */
  readonly depth: number;
  /** Members of one object. */
  readonly keysPerObject: number;
  readonly alertsPerBody: number;
  readonly labelsPerAlert: number;
  readonly annotationsPerAlert: number;
  readonly labelNameCodePoints: number;
  readonly labelValueCodePoints: number;
  readonly annotationValueCodePoints: number;
  /** A group key or fingerprint that is longer is cut and ends with its hash, so it stays unique. */
  readonly identityCodePoints: number;
  readonly linkCodePoints: number;
  /** JSON text of an alert's own source fields, and again of its message's. */
  readonly sourceFieldsLength: number;
}

/**
 * Sources of the numbers. Body, depth, keys and alerts: far above what any source sends, far
 * below what a function's memory holds; Alertmanager and Google nest at most eight deep. Labels:
 * Google allows 64 user labels, to which a resource and a metric add about 40. Label name:
 * Prometheus sets no bound, 1,024 is beyond any in use. Label value: Prometheus' own default is
 * none, 4,096 is what a page can still show. Annotation: Google's documentation content holds at
 * most 8,192 characters. Identity: a group key holds the matchers of a route and the group
 * labels. Link: the length that every browser and proxy takes.
 */
export const intakeLimits: IntakeLimits = {
  bodyBytes: 1_048_576,
  depth: 32,
  keysPerObject: 5_000,
  alertsPerBody: 1_000,
  labelsPerAlert: 128,
  annotationsPerAlert: 128,
  labelNameCodePoints: 1_024,
  labelValueCodePoints: 4_096,
  annotationValueCodePoints: 8_192,
  identityCodePoints: 4_096,
  linkCodePoints: 2_048,
  sourceFieldsLength: 8_192,
};
