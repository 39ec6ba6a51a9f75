import common from './en/common.json';
import keys from './en/keys.json';
import log from './en/log.json';
import queue from './en/queue.json';

export default { ...common, ...keys, ...log, ...queue };
