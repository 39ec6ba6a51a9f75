/* How much a line of a seizure is, in words. */
import { t } from '../../i18n/index.svelte';
import type { SubstanceLine } from '../../lib/api';
import { number } from '../../lib/format';
import { catalogue } from './catalogue.svelte';
import { massOf } from './words';

const UL_PER_LITRE = 1_000_000;

/** Mass, volume and count, whichever are stated. */
export function amountOf(line: Pick<SubstanceLine, 'mass_mg' | 'volume_ul' | 'count' | 'count_kind' | 'growth' | 'area_m2'>): string {
  const parts = [
    line.mass_mg === undefined ? '' : massOf(line.mass_mg),
    line.volume_ul === undefined ? '' : t('work.litres', { litres: number(line.volume_ul / UL_PER_LITRE, 6) }),
    line.count === undefined ? '' : `${number(line.count)} ${line.count_kind ? catalogue.code('count_kind', line.count_kind) : t('work.pieces')}`,
    line.growth === undefined ? '' : t(`case.growth.${line.growth}`),
    line.area_m2 === undefined ? '' : t('case.area.of', { area: number(line.area_m2) }),
  ];
  return parts.filter((p) => p !== '').join(' · ');
}
