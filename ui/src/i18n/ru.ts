import chief from './ru/chief.json';
import common from './ru/common.json';
import fault from './ru/fault.json';
import imports from './ru/import.json';
import keys from './ru/keys.json';
import lab from './ru/lab.json';
import log from './ru/log.json';
import queue from './ru/queue.json';
import team from './ru/team.json';

export default { ...chief, ...common, ...fault, ...imports, ...keys, ...lab, ...log, ...queue, ...team };
