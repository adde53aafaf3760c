import { TemplateError, type RouteSpec } from '../template/model.ts';

/** A route that a request matched, with the decoded values of its path variables. */
export interface RouteMatch<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request; `path` is percent-decoded. `undefined`: nobody serves it. */
export type Router<R> = (method: string, path: string) => RouteMatch<R> | undefined;

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface CompiledRoute<R> {
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly route: R;
}

const DEFAULT_ROUTE_KEY = '$default';

/**
 * Matches as HTTP APIs do: the most specific path wins, segment by segment (a literal before a
 * variable before a greedy variable), then a named method before ANY; `$default` takes what is left.
 */
export function createRouter<R extends Pick<RouteSpec, 'routeKey'>>(
  routes: readonly R[],
): Router<R> {
  const fallback = routes.find(({ routeKey }) => routeKey === DEFAULT_ROUTE_KEY);
  const compiled = routes
    .filter((route) => route !== fallback)
    .map((route) => compile(route))
    .sort(bySpecificity);
  return (method, path) => {
    const parts = segmentsOf(path);
    for (const candidate of compiled) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, parts);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function compile<R extends Pick<RouteSpec, 'routeKey'>>(route: R): CompiledRoute<R> {
  const [method, path] = route.routeKey.split(' ');
  if (method === undefined || path?.startsWith('/') !== true) {
    throw new TemplateError(
      `Route key '${route.routeKey}' is neither 'METHOD /path' nor ${DEFAULT_ROUTE_KEY}.`,
    );
  }
  return { method, segments: segmentsOf(path).map(segmentOf), route };
}

function segmentOf(text: string): Segment {
  const name = /^\{([^}+]+)(\+?)\}$/.exec(text);
  if (name?.[1] === undefined) return { kind: 'literal', text };
  return { kind: name[2] === '+' ? 'greedy' : 'variable', name: name[1] };
}

const RANK: Readonly<Record<Segment['kind'], number>> = { literal: 0, variable: 1, greedy: 2 };

function bySpecificity<R>(a: CompiledRoute<R>, b: CompiledRoute<R>): number {
  const shared = Math.min(a.segments.length, b.segments.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = rankAt(a.segments, index) - rankAt(b.segments, index);
    if (difference !== 0) return difference;
  }
  return (
    b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY')
  );
}

function rankAt(segments: readonly Segment[], index: number): number {
  const segment = segments[index];
  return segment === undefined ? 0 : RANK[segment.kind];
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found: (readonly [string, string])[] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined || part === '') return undefined;
    switch (segment.kind) {
      case 'literal':
        if (segment.text !== part) return undefined;
        break;
      case 'variable':
        found.push([segment.name, part]);
        break;
      case 'greedy':
        found.push([segment.name, parts.slice(index).join('/')]);
        return Object.fromEntries(found);
    }
  }
  return segments.length === parts.length ? Object.fromEntries(found) : undefined;
}

/** The parts between slashes; `/` has none. */
function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}
