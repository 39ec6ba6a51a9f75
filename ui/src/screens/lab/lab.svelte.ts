/* What the rule lab knows: the rules, how they do, and the one that is open. */
import { api, type BackTest, type Routes, type Rule, type RuleFault } from '../../lib/api';
import type { Language } from './language';

export type Detail = Routes['rule_read']['response'];
export type Checked = Routes['rule_check']['response'];
export type Board = Routes['rule_board']['response'];
export type State = Rule['state'];
export type Step = Routes['rule_step']['request']['step'];

export const STATES: State[] = ['draft', 'shadow', 'proposed', 'live', 'expired', 'retired', 'withdrawn'];
const MOST = 200;

export class Rules {
  items = $state.raw<Rule[]>([]);
  counts = $state.raw<Record<State, number> | null>(null);
  failure = $state.raw<unknown>(null);
  ready = $state(false);
  next = $state<number | undefined>();
  board = $state.raw<Board | null>(null);
  #asking: AbortController | undefined;
  #state: '' | State = '';
  #q = '';

  async read(state: '' | State, q: string): Promise<void> {
    this.#state = state;
    this.#q = q;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const page = await api.get('/api/rules', { query: this.#query(0), signal: asking.signal });
      this.items = page.items;
      this.counts = page.counts;
      this.next = page.next;
      this.failure = null;
      this.ready = true;
    } catch (e) {
      if (!asking.signal.aborted) this.failure = e;
    }
  }

  again(): Promise<void> {
    return this.read(this.#state, this.#q);
  }

  async more(): Promise<void> {
    const from = this.next;
    if (from === undefined) return;
    this.next = undefined;
    try {
      const page = await api.get('/api/rules', { query: this.#query(from) });
      this.items = [...this.items, ...page.items];
      this.next = page.next;
    } catch (e) {
      this.next = from;
      this.failure = e;
    }
  }

  /** Rates of the rules at work; a list without them is still a list. */
  async readBoard(): Promise<void> {
    try {
      this.board = await api.get('/api/rule-board');
    } catch {
      this.board = null;
    }
  }

  #query(skip: number) {
    return { state: this.#state || undefined, q: this.#q || undefined, most: MOST, skip };
  }
}

/** One rule as it is worked on: what is stored, what is typed, what was said about it. */
export class Work {
  detail = $state.raw<Detail | null>(null);
  failure = $state.raw<unknown>(null);
  text = $state('');
  checked = $state.raw<Checked | null>(null);
  trial = $state.raw<BackTest | null>(null);
  testing = $state(false);
  trialFailure = $state.raw<unknown>(null);
  busy = $state(false);

  constructor(
    readonly name: string,
    readonly version: number | undefined,
    readonly language: Language,
  ) {
    if (name === '') this.text = language.template;
  }

  get isNew(): boolean {
    return this.name === '';
  }
  get stored(): string {
    return this.detail?.text ?? (this.isNew ? this.language.template : '');
  }
  get changed(): boolean {
    return this.text !== this.stored;
  }
  get faults(): RuleFault[] {
    return this.checked?.faults ?? [];
  }
  get hash(): string | undefined {
    return this.checked?.rules[0]?.facts.hash;
  }
  /** The report is about another text than the one that stands here. */
  get stale(): boolean {
    return this.trial !== null && this.hash !== undefined && this.trial.hash !== this.hash;
  }

  async read(): Promise<void> {
    if (this.isNew) return;
    try {
      const untouched = this.detail === null || !this.changed;
      this.detail = await api.get('/api/rules/{name}', { path: { name: this.name }, query: { version: this.version } });
      if (untouched) this.text = this.detail.text;
      this.trial = this.detail.back_test ?? this.trial;
      this.failure = null;
    } catch (e) {
      this.failure = e;
    }
  }

  async check(text: string): Promise<RuleFault[]> {
    try {
      this.checked = await api.post('/api/rules/check', { body: { text } });
      return this.checked.faults;
    } catch {
      return this.faults;
    }
  }

  async test(from: string, to: string): Promise<void> {
    this.testing = true;
    this.trialFailure = null;
    try {
      this.trial = await api.post('/api/back-tests', {
        body: { text: this.text, from: from || undefined, to: to || undefined },
      });
      await this.read();
    } catch (e) {
      this.trialFailure = e;
    } finally {
      this.testing = false;
    }
  }
}
