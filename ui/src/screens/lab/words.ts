/* Words and tones of the rule lab. */
import type { Share } from '../../lib/api';
import type { State } from './lab.svelte';

export const TONES: Record<State, 'plain' | 'green' | 'yellow' | 'blue'> = {
  draft: 'plain',
  shadow: 'blue',
  proposed: 'yellow',
  live: 'green',
  expired: 'plain',
  retired: 'plain',
  withdrawn: 'plain',
};

export interface Interval {
  rate: number | null;
  low: number | null;
  high: number | null;
}

export function rateOf(share: Share): Interval {
  return { rate: share.share, low: share.low, high: share.high };
}

/** The rate at which a bar is full: the next tenth above the highest end that says something. */
export function scaleOf(shares: Share[]): number {
  const telling = shares.filter((s) => s.of >= 10).map((s) => s.high ?? 0);
  return Math.max(0.1, Math.ceil(Math.max(0, ...telling) * 10) / 10);
}
