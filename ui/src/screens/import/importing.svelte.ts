/* One import from the choice of the file to the summary. It lives beside the screen, so that leaving the screen
 * neither loses the file nor what the import has come to. */
import { api, type Routes } from '../../lib/api';
import type { LiveEvent } from '../../lib/live.svelte';
import { session } from '../../lib/session.svelte';

export type Look = Routes['import_preview']['response'];
export type Summary = Routes['import_run']['response'];
export type Mappings = Routes['mapping_list']['response'];
/** How the file is to be read: by itself, by a shipped mapping, or by one's own text. */
export interface Reading {
  mapping: string;
  text: string | undefined;
  makePosts: boolean;
}
export interface Progress {
  done: number;
  of: number;
  accepted: number;
  unchanged: number;
  quarantined: number;
}

export const LARGEST = 64 * 1024 * 1024;
const SAMPLE_BYTES = 120_000;
const NAME_MAX = 120;
const TYPES = { csv: 'text/csv', mapped: 'text/csv', jsonl: 'application/x-ndjson', asycuda: 'application/xml' } as const;

class Importing {
  file = $state.raw<File | null>(null);
  look = $state.raw<Look | null>(null);
  looking = $state(false);
  running = $state(false);
  progress = $state.raw<Progress | null>(null);
  summary = $state.raw<Summary | null>(null);
  failure = $state.raw<unknown>(null);
  #sample = '';
  #tag = '';
  #owner = '';
  #asked: AbortController | undefined;

  /** Another person at the same tab begins with nothing. */
  enter(): void {
    const who = session.who?.account ?? '';
    if (who !== this.#owner) this.forget();
    this.#owner = who;
  }

  async take(file: File): Promise<void> {
    this.forget();
    const head = await file.slice(0, SAMPLE_BYTES).text();
    this.#sample = file.size > SAMPLE_BYTES ? head.slice(0, head.lastIndexOf('\n') + 1) || head : head;
    this.file = file;
  }

  forget(): void {
    if (this.running) return;
    this.#asked?.abort();
    this.file = this.look = this.progress = this.summary = null;
    this.failure = null;
    this.looking = false;
  }

  /** What an import would make of the first rows. A later question takes the place of an earlier one. */
  async preview(reading: Reading): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.looking = true;
    this.failure = null;
    try {
      this.look = await api.post('/api/imports/preview', {
        query: { mapping: reading.mapping || undefined, make_posts: reading.makePosts || undefined },
        body: { sample: this.#sample, mapping: reading.text },
        signal: asked.signal,
      });
    } catch (e) {
      if (asked.signal.aborted) return;
      this.look = null;
      this.failure = e;
    }
    this.looking = false;
  }

  async run(reading: Reading): Promise<void> {
    const file = this.file;
    if (file === null || this.running) return;
    this.#tag = crypto.getRandomValues(new Uint32Array(2)).join('-');
    this.running = true;
    this.summary = this.progress = null;
    this.failure = null;
    const query = {
      mapping: reading.mapping || undefined,
      make_posts: reading.makePosts || undefined,
      name: file.name.slice(0, NAME_MAX) || undefined,
      tag: this.#tag,
    };
    try {
      this.summary = await api.post('/api/imports', { query, ...(await this.#body(file, reading)) });
    } catch (e) {
      this.failure = e;
    }
    this.running = false;
  }

  async #body(file: File, reading: Reading) {
    if (reading.text !== undefined) return { body: { data: await file.text(), mapping: reading.text } };
    return { body: file as never, type: TYPES[this.look?.format ?? 'csv'] };
  }

  hear(e: LiveEvent): void {
    const told = e.detail as (Progress & { tag?: string }) | undefined;
    if (e.type === 'import.progress' && told?.tag === this.#tag && this.running) this.progress = told;
  }
}

export const importing = new Importing();
