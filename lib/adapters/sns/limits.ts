/**
 * What SNS takes. Source: the client's own documentation of `PublishInput`: a subject of printable
 * ASCII, "less than 100 characters long", and a message of at most 262,144 bytes of UTF-8.
 */
export const maxSubjectLength = 99;
export const maxMessageBytes = 262_144;

/** A text message on a phone holds 140 bytes: what must be seen at once stands in the first line. */
export const maxFirstLineCodePoints = 140;
