import { stableId } from './sandbox-ids.ts';
import type { PagerDutySandboxSettings, SandboxPerson, SandboxShift } from './settings.ts';

export interface DirectoryPerson extends SandboxPerson {
  readonly id: string;
}

/** A service with an integration of Events API v2. */
export interface DirectoryService {
  readonly id: string;
  readonly name: string;
  readonly routingKey: string;
  readonly isEnabled: boolean;
}

/** What an account is configured with: who is on call, and which routing key is which service. */
export interface Directory {
  /** All users, the one on call first. */
  readonly people: readonly DirectoryPerson[];
  readonly onCall: DirectoryPerson;
  /** By id, e-mail address (in any case) or name. */
  readonly findPerson: (who: string) => DirectoryPerson | undefined;
  /** The name of the service behind a routing key; `undefined`: there is no such integration. */
  readonly serviceOf: (routingKey: string) => string | undefined;
  /** Empty where every routing key is a service of its own. */
  readonly services: readonly DirectoryService[];
  readonly shifts: readonly SandboxShift[];
}

/** The priorities that an account has from the start. */
export const PRIORITIES: readonly string[] = ['P1', 'P2', 'P3', 'P4', 'P5'];

export type DirectorySettings = Pick<
  PagerDutySandboxSettings,
  'routingKeys' | 'shifts' | 'disabledServices'
>;

export function createDirectory(
  people: readonly SandboxPerson[],
  { routingKeys, shifts, disabledServices = [] }: DirectorySettings = {},
): Directory {
  const listed = people.map((person) => ({
    ...person,
    id: person.id ?? stableId('P', person.email),
  }));
  const [onCall] = listed;
  if (onCall === undefined) {
    throw new Error('The PagerDuty sandbox was given no people; name at least the one on call.');
  }
  const services = new Map(Object.entries(routingKeys ?? {}).map(([name, key]) => [key, name]));
  return {
    people: listed,
    onCall,
    findPerson: (who) => {
      const wanted = who.toLowerCase();
      return listed.find(
        ({ id, email, name }) =>
          id === who || email.toLowerCase() === wanted || name.toLowerCase() === wanted,
      );
    },
    serviceOf: (routingKey) =>
      routingKeys === undefined ? `Service ${stableId('', routingKey)}` : services.get(routingKey),
    services: Object.entries(routingKeys ?? {}).map(([name, routingKey]) => ({
      id: stableId('P', name),
      name,
      routingKey,
      isEnabled: !disabledServices.includes(name),
    })),
    shifts: shifts ?? people.map(({ email }, index) => ({ email, level: index + 1 })),
  };
}
