/* How this person likes the instrument to look, kept in the browser. */
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'regular' | 'comfortable';

export function remembered<T extends string>(name: string, known: readonly T[], otherwise: T): T {
  const kept = localStorage.getItem(`tamga.${name}`) as T | null;
  return kept !== null && known.includes(kept) ? kept : otherwise;
}

export function remember(name: string, value: string): void {
  localStorage.setItem(`tamga.${name}`, value);
}

const THEMES = ['system', 'light', 'dark'] as const;
const DENSITIES = ['compact', 'regular', 'comfortable'] as const;
const state = $state({
  theme: remembered<Theme>('theme', THEMES, 'system'),
  density: remembered<Density>('density', DENSITIES, 'regular'),
});
const dark = matchMedia('(prefers-color-scheme: dark)');
let shown = $state<'light' | 'dark'>('light');
let rows = $state.raw({ one: 28, two: 48 });

/* Lists that place their rows themselves need the heights of tokens.css as numbers. */
function measure(): void {
  const css = getComputedStyle(document.documentElement);
  const [one, two] = [parseFloat(css.getPropertyValue('--row')), parseFloat(css.getPropertyValue('--row-2'))];
  if (one && two && (one !== rows.one || two !== rows.two)) rows = { one, two };
}
addEventListener('resize', measure);

function show(): void {
  shown = state.theme === 'system' ? (dark.matches ? 'dark' : 'light') : state.theme;
  document.documentElement.dataset.theme = shown;
  document.documentElement.dataset.density = state.density;
  measure();
}
dark.addEventListener('change', show);
show();

export const prefs = {
  get theme(): Theme {
    return state.theme;
  },
  /** What the theme comes to on this machine. */
  get shown(): 'light' | 'dark' {
    return shown;
  },
  get density(): Density {
    return state.density;
  },
  /** Pixels of a row of one line and of two. */
  get rows(): { one: number; two: number } {
    return rows;
  },
  setTheme(theme: Theme): void {
    state.theme = theme;
    remember('theme', theme);
    show();
  },
  setDensity(density: Density): void {
    state.density = density;
    remember('density', density);
    show();
  },
  nextDensity(): void {
    this.setDensity(DENSITIES[(DENSITIES.indexOf(state.density) + 1) % DENSITIES.length] ?? 'regular');
  },
};
