import common from './ru/common.json';
import keys from './ru/keys.json';
import log from './ru/log.json';
import queue from './ru/queue.json';

export default { ...common, ...keys, ...log, ...queue };
