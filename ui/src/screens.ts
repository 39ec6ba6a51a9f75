/* Every screen: its address, who may open it, and its file, which is loaded when it is first opened. */
import type { Component } from 'svelte';
import type { Key } from './i18n/index.svelte';
import type { Session } from './lib/api';

export interface Screen {
  path: string;
  title: Key;
  /** Who lacks it does not see the screen; null: everybody who is signed in. */
  permission: string | null;
  /** Stands in the header. */
  listed: boolean;
  /** ... of who has this permission; the others come to it by links. */
  headed?: string;
  /** On a phone this other screen stands in its place. */
  narrow?: string;
  load: () => Promise<{ default: Component }>;
}

export const SCREENS: Screen[] = [
  {
    path: '/queue',
    title: 'screen.queue',
    permission: 'queue.read',
    listed: true,
    load: () => import('./screens/queue/Queue.svelte'),
  },
  {
    path: '/team',
    title: 'team.screen',
    permission: 'result.enter',
    listed: true,
    narrow: '/post',
    load: () => import('./screens/team/Team.svelte'),
  },
  {
    path: '/post',
    title: 'post.screen',
    permission: 'order.work',
    listed: false,
    load: () => import('./screens/post/Post.svelte'),
  },
  {
    path: '/board',
    title: 'board.screen',
    permission: 'order.read',
    listed: true,
    load: () => import('./screens/board/Board.svelte'),
  },
  {
    path: '/case',
    title: 'case.screen',
    permission: 'case.read',
    listed: true,
    load: () => import('./screens/case/Case.svelte'),
  },
  {
    path: '/evidence',
    title: 'evidence.screen',
    permission: 'evidence.read',
    listed: true,
    load: () => import('./screens/evidence/Evidence.svelte'),
  },
  {
    path: '/figures',
    title: 'figures.screen',
    permission: 'report.read',
    listed: true,
    load: () => import('./screens/figures/Figures.svelte'),
  },
  {
    path: '/substances',
    title: 'substances.screen',
    permission: 'post.read',
    listed: true,
    headed: 'substance.set',
    load: () => import('./screens/substances/Substances.svelte'),
  },
  {
    path: '/chief',
    title: 'chief.screen',
    permission: 'figure.read',
    listed: true,
    load: () => import('./screens/chief/Chief.svelte'),
  },
  {
    path: '/rules',
    title: 'lab.screen',
    permission: 'rule.read',
    listed: true,
    load: () => import('./screens/lab/Lab.svelte'),
  },
  {
    path: '/choosing',
    title: 'choosing.screen',
    permission: 'figure.read',
    listed: true,
    load: () => import('./screens/choosing/Choosing.svelte'),
  },
  {
    path: '/models',
    title: 'models.screen',
    permission: 'model.read',
    listed: true,
    load: () => import('./screens/models/Models.svelte'),
  },
  {
    path: '/import',
    title: 'import.title',
    permission: 'declaration.lodge',
    listed: true,
    load: () => import('./screens/import/Import.svelte'),
  },
  {
    path: '/workflows',
    title: 'flow.screen',
    permission: 'account.manage',
    listed: true,
    load: () => import('./screens/workflows/Workflows.svelte'),
  },
  {
    path: '/log',
    title: 'screen.log',
    permission: 'log.read',
    listed: true,
    load: () => import('./screens/log/Log.svelte'),
  },
  {
    path: '/gallery',
    title: 'screen.gallery',
    permission: null,
    listed: false,
    load: () => import('./screens/gallery/Gallery.svelte'),
  },
];

const FIRST: Record<Session['role'], string> = {
  analyst: '/queue',
  team: '/team',
  chief: '/chief',
  auditor: '/log',
  administrator: '/import',
  investigator: '/case',
  custodian: '/evidence',
  statistician: '/figures',
};

function isOpen(screen: Screen, who: Session): boolean {
  return screen.permission === null || who.permissions.includes(screen.permission);
}

/** The screens of this person's header. */
export function screensOf(who: Session): Screen[] {
  return SCREENS.filter((s) => s.listed && isOpen(s, who) && (s.headed === undefined || who.permissions.includes(s.headed)));
}

const NARROW = matchMedia('(max-width: 899px)');

/** The address that fits the width of this page. */
export function addressOf(screen: Screen): string {
  return (NARROW.matches ? screen.narrow : undefined) ?? screen.path;
}

export function screenAt(path: string, who: Session): Screen | undefined {
  return SCREENS.find((s) => s.path === path && isOpen(s, who));
}

/** Where a person's work begins; nowhere, where no screen is open to the function. */
export function startOf(who: Session): string | undefined {
  const first = screenAt(FIRST[who.role], who) ?? screensOf(who)[0];
  return first === undefined ? undefined : addressOf(first);
}
