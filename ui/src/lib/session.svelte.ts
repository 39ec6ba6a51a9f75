/* Who is signed in, and what that person may do. `known` is false until the server has said so. */
import { api, Problem, setCsrf, setSignedOut, type Session } from './api';

const state = $state<{ who: Session | null; known: boolean; ended: boolean }>({ who: null, known: false, ended: false });

function take(who: Session | null): void {
  state.who = who;
  state.known = true;
  setCsrf(who?.csrf ?? '');
}

setSignedOut(() => {
  if (state.who !== null) state.ended = true;
  take(null);
});

export const session = {
  get who(): Session | null {
    return state.who;
  },
  get known(): boolean {
    return state.known;
  },
  /** It ended by itself: what was typed is kept for the same person. */
  get ended(): boolean {
    return state.ended;
  },
  may(permission: string): boolean {
    return state.who?.permissions.includes(permission) ?? false;
  },
  /** Takes up the session of the browser's cookie, if there is one. */
  async resume(): Promise<void> {
    try {
      take(await api.get('/api/session'));
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 401) throw e;
      take(null);
    }
  },
  async open(name: string, password: string): Promise<void> {
    take(await api.post('/api/session', { body: { name, password } }));
    state.ended = false;
  },
  async close(): Promise<void> {
    await api.delete('/api/session');
    state.ended = false;
    take(null);
  },
};
