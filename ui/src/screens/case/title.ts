/* What a case is called: what the centre opened it about, in the language that is shown, and a person's words. */
import type { CaseInShort } from '../../lib/api';
import { capital } from '../casework/words';

export function titleOf(c: Pick<CaseInShort, 'title' | 'about'>): string {
  return [capital(c.about?.words), c.title, c.about?.post_name ?? ''].filter((part) => part !== '').join(', ');
}
