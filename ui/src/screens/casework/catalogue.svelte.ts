/* What casework is made of, as the office configured it: workflows, code lists, substances, posts. Read once. */
import { api, type Post, type Routes, type Workflow } from '../../lib/api';
import { toasts } from '../../lib/toasts.svelte';
import { said } from './words';

type Codes = Routes['code_list']['response'];

let workflows = $state.raw<Workflow[]>([]);
let codes = $state.raw<Codes>({ lists: [], substances: [] });
let posts = $state.raw<Post[]>([]);
let asked = false;

async function read(): Promise<void> {
  try {
    const [w, c, p] = await Promise.all([api.get('/api/workflows'), api.get('/api/codes'), api.get('/api/posts')]);
    workflows = w.items;
    codes = c;
    posts = p.items;
  } catch (e) {
    asked = false;
    toasts.fault(e);
  }
}

export const catalogue = {
  /** In a component that shows any of it. */
  bring(): void {
    if (asked) return;
    asked = true;
    void read();
  },
  workflow: (kind: string): Workflow | undefined => workflows.find((w) => w.kind === kind),
  get posts(): Post[] {
    return posts;
  },
  post: (code: string): string => posts.find((p) => p.code === code)?.name ?? code,
  get substances(): Codes['substances'] {
    return codes.substances;
  },
  substance: (code: string): string => said(codes.substances.find((s) => s.code === code)?.words) || code,
  get lists(): Codes['lists'] {
    return codes.lists;
  },
  list: (name: string): Codes['lists'][number]['codes'] => codes.lists.find((l) => l.name === name)?.codes ?? [],
  /** A code's words; the code itself until they are there. */
  code: (list: string, code: string): string =>
    said(codes.lists.find((l) => l.name === list)?.codes.find((c) => c.code === code)?.words) || code,
};
