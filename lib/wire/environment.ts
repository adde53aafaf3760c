/** The variables of a function, as its template sets them. This folder alone reads them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A variable that must be there: without it the function is deployed wrongly. */
export function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (value === undefined || value === '') {
    throw new Error(
      `The environment variable ${name} is not set. The stack's template sets it for this ` +
        'function; deploy the stack again, or set it by hand.',
    );
  }
  return value;
}

/** An address outside, without a slash at its end. */
export function addressOr(variables: Variables, name: string, fallback: string): string {
  const value = variables[name];
  return (value === undefined || value === '' ? fallback : value).replace(/\/+$/, '');
}
