import { minutes, seconds } from '../../domain/shared/time.ts';

/** A rotated secret is noticed after this long at the latest. */
export const cachedForMs = minutes(5);

/** After an error the old value serves this long before the next try, so that nobody waits twice. */
export const pauseAfterErrorMs = seconds(15);

/** `fresh` asks again only when the value is older, so that a wrong value costs no storm of calls. */
export const freshForMs = seconds(10);

/** Shorter credentials can be guessed: 24 random letters hold over 100 bits. */
export const minCredentialLength = 24;
/** Random text of that length has more; `aaaa...` and `abcabc...` have fewer. */
export const minDistinctCharacters = 8;
