import board from './ru/board.json';
import cases from './ru/case.json';
import chief from './ru/chief.json';
import choosing from './ru/choosing.json';
import common from './ru/common.json';
import evidence from './ru/evidence.json';
import facts from './ru/facts.json';
import fault from './ru/fault.json';
import figures from './ru/figures.json';
import imports from './ru/import.json';
import keys from './ru/keys.json';
import lab from './ru/lab.json';
import log from './ru/log.json';
import models from './ru/models.json';
import post from './ru/post.json';
import queue from './ru/queue.json';
import seizure from './ru/seizure.json';
import substances from './ru/substances.json';
import team from './ru/team.json';
import refusal from './ru/refusal.json';
import flow from './ru/flow.json';
import work from './ru/work.json';

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
