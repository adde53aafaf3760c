import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../lib/local/runtime/http/router.ts';

const ROUTES = [
  'ANY /v1/{proxy+}',
  'GET /v1/incidents/{id}',
  'ANY /v1/incidents/{id}',
  'GET /v1/incidents/latest',
  'GET /v1/incidents/{id}/timeline',
  'GET /',
].map((routeKey) => ({ routeKey }));

describe('createRouter', () => {
  const route = createRouter(ROUTES);

  it.each([
    ['GET', '/', 'GET /', {}],
    ['GET', '/v1/incidents/latest', 'GET /v1/incidents/latest', {}],
    ['GET', '/v1/incidents/a b', 'GET /v1/incidents/{id}', { id: 'a b' }],
    ['POST', '/v1/incidents/7', 'ANY /v1/incidents/{id}', { id: '7' }],
    ['GET', '/v1/incidents/7/timeline', 'GET /v1/incidents/{id}/timeline', { id: '7' }],
    ['GET', '/v1/x/y/z', 'ANY /v1/{proxy+}', { proxy: 'x/y/z' }],
    ['POST', '/v1/incidents/7/timeline', 'ANY /v1/{proxy+}', { proxy: 'incidents/7/timeline' }],
  ])('%s %s goes to %s', (method, path, routeKey, pathParameters) => {
    expect(route(method, path)).toEqual({ route: { routeKey }, pathParameters });
  });

  it.each([
    ['POST', '/'],
    ['GET', '/v2'],
    ['GET', '/v1/'],
  ])('%s %s goes nowhere', (method, path) => {
    expect(route(method, path)).toBeUndefined();
  });

  it('gives $default what no other route takes', () => {
    const withDefault = createRouter([...ROUTES, { routeKey: '$default' }]);
    expect(withDefault('PUT', '/else')?.route.routeKey).toBe('$default');
    expect(withDefault('GET', '/')?.route.routeKey).toBe('GET /');
  });

  it('refuses a route key that it cannot read', () => {
    expect(() => createRouter([{ routeKey: '/no-method' }])).toThrow(/neither/);
  });
});
