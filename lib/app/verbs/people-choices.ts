import type { PersonPolicy } from '../../domain/policy/policy.ts';
import type { Choice } from '../../domain/verbs/form.ts';

/** As many as a form's choice can hold. */
const mostChoices = 100;

/** People to choose from: the caller first, then all others by name. */
export function peopleChoices(
  people: readonly PersonPolicy[],
  self: PersonPolicy,
): readonly Choice[] {
  const others = people.filter(({ id }) => id !== self.id);
  const ordered = [...others].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...people.filter(({ id }) => id === self.id), ...ordered]
    .slice(0, mostChoices)
    .map(({ id, name }) => ({ value: id, label: id === self.id ? `${name} (you)` : name }));
}
