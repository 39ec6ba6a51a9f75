/* The one way to the server: `api.get('/api/posts')`. Paths, parameters, bodies and answers are typed by the API's own
 * description (`npm run types`). Every failure is a Problem. */
import type { Problem as Details, Routes } from './api.gen';

export type * from './api.gen';

type Route = Routes[keyof Routes];
type Of<M extends Route['method']> = Extract<Route, { method: M }>;
type Ask<R extends Route> = {
  path?: Record<string, string | number>;
  query?: Partial<R['query']>;
  body?: R['request'];
  /** Media type of a body that is no JSON; the body is then text or a Blob. */
  type?: string;
  /** Why a personal record is read; kept in the log. */
  purpose?: string;
  signal?: AbortSignal;
};

/** What was refused and why, as RFC 9457 tells it; `name` is the last part of its type, "offline" when nobody answered;
 * `code` names this very failure and `params` what its sentence needs (lib/faults.ts). */
export class Problem extends Error {
  constructor(
    readonly name: string,
    readonly status: number,
    readonly detail: string,
    readonly errors: Details['errors'] = [],
    readonly requestId = '',
    readonly code = name,
    readonly params: Record<string, string> = {},
  ) {
    super(detail);
  }
}

let csrf = '';
let onSignedOut = () => {};

/** Sent with every change from now on. */
export function setCsrf(value: string): void {
  csrf = value;
}

/** Called when the server no longer knows the session. */
export function setSignedOut(then: () => void): void {
  onSignedOut = then;
}

function address(path: string, ask: Ask<Route>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(ask.path?.[name] ?? '')));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(ask.query ?? {}))
    if (value !== undefined && value !== '') query.set(name, String(value));
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function request(method: string, ask: Ask<Route>): RequestInit {
  const headers = new Headers();
  let body: BodyInit | undefined;
  if (method !== 'GET') headers.set('X-CSRF-Token', csrf);
  if (ask.purpose) headers.set('X-Purpose', ask.purpose);
  if (ask.body !== undefined) {
    headers.set('Content-Type', ask.type ?? 'application/json');
    body = ask.type === undefined ? JSON.stringify(ask.body) : (ask.body as BodyInit);
  }
  return { method, headers, body, signal: ask.signal, credentials: 'same-origin', cache: 'no-store' };
}

async function problemOf(answer: Response): Promise<Problem> {
  const told = (await answer.json().catch(() => ({}))) as Partial<Details>;
  const name = told.type?.split(':').pop() ?? 'unknown';
  const params = told.params as Record<string, string> | undefined;
  return new Problem(name, answer.status, told.detail ?? answer.statusText, told.errors, told.request_id, told.code, params);
}

async function send(method: string, path: string, ask: Ask<Route>): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(address(path, ask), request(method, ask));
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new Problem('offline', 0, '');
  }
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (problem.status === 401 && path !== '/api/session') onSignedOut();
    throw problem;
  }
  if (answer.status === 204) return undefined;
  return answer.headers.get('Content-Type')?.startsWith('application/json') ? answer.json() : answer.text();
}

type Caller<M extends Route['method']> = <P extends Of<M>['path']>(
  path: P,
  ask?: Ask<Extract<Of<M>, { path: P }>>,
) => Promise<Extract<Of<M>, { path: P }>['response']>;

function caller<M extends Route['method']>(method: M): Caller<M> {
  return ((path: string, ask = {}) => send(method, path, ask as Ask<Route>)) as Caller<M>;
}

export const api = {
  get: caller('GET'),
  post: caller('POST'),
  put: caller('PUT'),
  delete: caller('DELETE'),
};
