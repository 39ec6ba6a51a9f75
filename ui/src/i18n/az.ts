import common from './az/common.json';
import keys from './az/keys.json';
import log from './az/log.json';
import queue from './az/queue.json';

export default { ...common, ...keys, ...log, ...queue };
