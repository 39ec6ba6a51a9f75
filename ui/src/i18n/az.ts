import board from './az/board.json';
import cases from './az/case.json';
import chief from './az/chief.json';
import choosing from './az/choosing.json';
import common from './az/common.json';
import countries from './az/countries.json';
import evidence from './az/evidence.json';
import facts from './az/facts.json';
import fault from './az/fault.json';
import figures from './az/figures.json';
import imports from './az/import.json';
import keys from './az/keys.json';
import lab from './az/lab.json';
import log from './az/log.json';
import models from './az/models.json';
import post from './az/post.json';
import queue from './az/queue.json';
import seizure from './az/seizure.json';
import substances from './az/substances.json';
import team from './az/team.json';
import refusal from './az/refusal.json';
import flow from './az/flow.json';
import work from './az/work.json';

export { countries };
export default {
  ...board,
  ...cases,
  ...chief,
  ...choosing,
  ...common,
  ...evidence,
  ...facts,
  ...fault,
  ...figures,
  ...imports,
  ...keys,
  ...lab,
  ...log,
  ...models,
  ...post,
  ...queue,
  ...seizure,
  ...substances,
  ...team,
  ...refusal,
  ...flow,
  ...work,
};
