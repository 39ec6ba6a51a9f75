/* The card of a learned model as it is kept (docs/learned-models.md). */
export interface Rated {
  count: number;
  of: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}
export interface Way {
  auc: { value: number | null; low: number | null; high: number | null };
  average_precision: number | null;
  brier: number | null;
  calibration_error: number | null;
  precision_at_1: Rated;
  recall_at_1: Rated;
  precision_at_5: Rated;
  recall_at_5: Rated;
  precision_at_10: Rated;
  recall_at_10: Rated;
}
export interface Bin {
  from: number;
  to: number;
  said: number;
  found: Rated;
}
export interface GroupCard {
  group: string;
  said: number | null;
  found: Rated;
  chosen: Rated;
  hits: Rated;
}
export interface Ranked {
  name: string;
  mean_log_odds: number;
}
export interface Card {
  data: {
    source: string;
    from: string;
    to: string;
    rows: number;
    finds: number;
    rows_fitted_on: number;
    rows_measured_on: number;
  };
  training: { program: string; trees: number; depth: number; seed: number; bytes: number };
  features: { hash: string; count: number; families: Ranked[]; features: Ranked[] };
  measured: { profiles: Way; model: Way; together: Way };
  calibration: Bin[];
  fairness: { by_post: GroupCard[]; by_mode: GroupCard[]; by_origin: GroupCard[] };
}

/** The card, when it is one: an older model may have none. */
export function cardOf(card: unknown): Card | null {
  return typeof card === 'object' && card !== null && 'measured' in card && 'calibration' in card ? (card as Card) : null;
}
