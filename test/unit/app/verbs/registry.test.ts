import { describe, expect, it } from 'vitest';
import { findVerb } from '../../../../lib/app/verbs/help.ts';
import { verbs } from '../../../../lib/app/verbs/registry.ts';

describe('the verbs', () => {
  it('have names and aliases that each mean one', () => {
    const words = verbs.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(words.toSorted()).toEqual([...new Set(words)].toSorted());
    for (const word of words) expect(word).toMatch(/^(?:[a-z]+|\?)$/);
  });

  it('are those of the issues, and giving a role back', () => {
    const names =
      'declare list show ack unack resolve reopen severity status assign release page escalate ' +
      'note update timeline link oncall postmortem act rollback scale restart pause resume abort ' +
      'retry promote switch shift revert plan approve deny actions steps lock unlock halt unhalt help';
    expect(verbs.map(({ name }) => name).join(' ')).toBe(names);
  });

  it.each(verbs.map((verb) => [verb.name, verb] as const))('%s fits a phone', (name, verb) => {
    expect(`${name} ${verb.summary}`.length).toBeLessThanOrEqual(44);
    expect(`${name} [id] ${verb.usage}`.length).toBeLessThanOrEqual(76);
  });

  it('are found in any case', () => {
    expect(findVerb(verbs, 'ACK')?.name).toBe('ack');
    expect(findVerb(verbs, 'Sev')?.name).toBe('severity');
    expect(findVerb(verbs, 'constructor')).toBeNull();
  });
});
