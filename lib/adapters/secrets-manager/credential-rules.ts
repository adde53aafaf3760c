import { minCredentialLength, minDistinctCharacters } from './limits.ts';

/** What stands in examples and templates to be replaced, and what people type for now. */
const samples =
  /change.?(me|this|it)|replace.?(me|this|it|with)|placeholder|example|sample|default|dummy|your.?(token|secret|key|password)|(pass|test|1234)(word|secret|token|5678)/i;

/**
 * Why a credential that admits somebody must not be used: it can be guessed, or it was copied from
 * an example. Null when nothing speaks against it.
 */
export function credentialProblem(credential: string): string | null {
  if (credential.length < minCredentialLength) {
    return (
      `has ${credential.length} characters; it needs at least ${minCredentialLength} random ones, ` +
      'for example from: openssl rand -base64 32'
    );
  }
  if (samples.test(credential)) {
    return 'is a sample value; make one of your own, for example by: openssl rand -base64 32';
  }
  if (new Set(credential).size < minDistinctCharacters) {
    return 'repeats a few characters; make it random, for example by: openssl rand -base64 32';
  }
  return null;
}
