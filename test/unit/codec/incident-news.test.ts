import { describe, expect, test } from 'vitest';
import { decodeIncidentNews, isScheduled } from '../../../lib/codec/incident-news.ts';

const detail = { tenant: 'acme', incidentId: 'pm8km-2pgws3j', data: { actionId: 'a1' } };

describe('what the bus tells the function that acts', () => {
  test('names the incident, and the action that it is about', () => {
    expect(decodeIncidentNews({ 'detail-type': 'action.approved', detail })).toEqual({
      tenant: 'acme',
      incidentId: 'pm8km-2pgws3j',
      type: 'action.approved',
      actionId: 'a1',
    });
  });

  test.each([
    { why: 'an event about no action', data: { title: 'Checkout down' } },
    { why: 'an event that was cut', data: undefined },
  ])('names no action in $why', ({ data }) => {
    const news = decodeIncidentNews({
      'detail-type': 'incident.opened',
      detail: { ...detail, ...(data === undefined ? { data: null } : { data }) },
    });
    expect(news).toMatchObject({ incidentId: 'pm8km-2pgws3j', actionId: null });
  });

  test.each([
    { why: 'another event', delivery: { 'detail-type': 'page.accepted', detail } },
    { why: 'no detail', delivery: { 'detail-type': 'action.approved' } },
    {
      why: 'no tenant',
      delivery: { 'detail-type': 'action.approved', detail: { incidentId: 'x' } },
    },
    {
      why: 'no incident',
      delivery: { 'detail-type': 'action.approved', detail: { tenant: 'acme' } },
    },
    { why: 'a schedule', delivery: { 'detail-type': 'Scheduled Event', detail: {} } },
  ])('is nothing where it has $why', ({ delivery }) => {
    expect(decodeIncidentNews(delivery)).toBeNull();
  });

  test('a schedule is told apart', () => {
    expect(isScheduled({ 'detail-type': 'Scheduled Event', detail: {} })).toBe(true);
    expect(isScheduled({ 'detail-type': 'action.approved', detail })).toBe(false);
  });
});
