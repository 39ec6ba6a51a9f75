/* The address bar is the state: which screen, which filter, what is selected. Reading `router.path` or
 * `router.get('sel')` in a component makes it follow. */

const where = $state({ path: location.pathname, query: location.search });

function follow(): void {
  where.path = location.pathname;
  where.query = location.search;
}
addEventListener('popstate', follow);

type Values = Record<string, string | number | boolean | undefined>;

function written(query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export const router = {
  get path(): string {
    return where.path;
  },
  get query(): URLSearchParams {
    return new URLSearchParams(where.query);
  },
  get(name: string): string {
    return this.query.get(name) ?? '';
  },
  /** The address of this screen with other parameters, for a link. */
  with(values: Values): string {
    return where.path + written(merged(this.query, values));
  },
  /** Another screen, as a new step of the browser's history. */
  go(path: string, values: Values = {}): void {
    history.pushState(null, '', path + written(merged(new URLSearchParams(), values)));
    follow();
  },
  /** Changes parameters of this screen; an empty value takes one away. `step` makes it a step of the history. */
  set(values: Values, step = false): void {
    const target = this.with(values);
    if (target === where.path + where.query) return;
    if (step) history.pushState(null, '', target);
    else history.replaceState(null, '', target);
    follow();
  },
};

function merged(query: URLSearchParams, values: Values): URLSearchParams {
  for (const [name, value] of Object.entries(values))
    if (value === undefined || value === '' || value === false) query.delete(name);
    else query.set(name, String(value));
  return query;
}

/** Makes plain links of the app change the screen without loading the page: `<main {@attach links}>`. */
export function links(node: HTMLElement): () => void {
  const onclick = (e: MouseEvent) => {
    const a = (e.target as Element).closest('a');
    if (!a || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (a.origin !== location.origin || a.target !== '' || a.hasAttribute('download') || a.pathname.startsWith('/api/'))
      return;
    e.preventDefault();
    history.pushState(null, '', a.pathname + a.search);
    follow();
  };
  node.addEventListener('click', onclick);
  return () => node.removeEventListener('click', onclick);
}
