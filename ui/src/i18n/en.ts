import board from './en/board.json';
import cases from './en/case.json';
import chief from './en/chief.json';
import choosing from './en/choosing.json';
import common from './en/common.json';
import evidence from './en/evidence.json';
import facts from './en/facts.json';
import fault from './en/fault.json';
import figures from './en/figures.json';
import imports from './en/import.json';
import keys from './en/keys.json';
import lab from './en/lab.json';
import log from './en/log.json';
import models from './en/models.json';
import post from './en/post.json';
import queue from './en/queue.json';
import seizure from './en/seizure.json';
import substances from './en/substances.json';
import team from './en/team.json';
import refusal from './en/refusal.json';
import flow from './en/flow.json';
import work from './en/work.json';

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
