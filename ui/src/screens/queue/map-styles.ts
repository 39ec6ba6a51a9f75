/* How the map looks in the present theme: its colours are those of tokens.css. */
import type Feature from 'ol/Feature';
import type { Lang } from '../../i18n/index.svelte';
import { countryNames } from '../../lib/country-names';
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style';

export type Kind = 'way' | 'post' | 'post-name' | 'here' | 'country';

export function mapStyles(lang: Lang): (f: Feature) => Style {
  const css = getComputedStyle(document.documentElement);
  const colour = (name: string) => css.getPropertyValue(`--${name}`).trim();
  const font = `12px ${css.getPropertyValue('--font')}`;
  const names = countryNames(lang);
  const ink = new Fill({ color: colour('ink') });
  const quiet = new Fill({ color: colour('ink-2') });
  const halo = new Stroke({ color: colour('map-land'), width: 3 });
  const border = new Stroke({ color: colour('map-border'), width: 0.7 });

  const land = new Style({ fill: new Fill({ color: colour('map-land') }), stroke: border });
  const named = new Style({ fill: new Fill({ color: colour('accent-wash') }), stroke: border, zIndex: 1 });
  const way = new Style({ stroke: new Stroke({ color: colour('accent'), width: 2, lineDash: [6, 4] }) });
  const post = new Style({ image: new Circle({ radius: 2.5, fill: quiet }) });
  const gate = new RegularShape({
    points: 4,
    radius: 7,
    fill: new Fill({ color: colour('accent') }),
    stroke: new Stroke({ color: colour('map-land'), width: 1.5 }),
  });

  const text = (words: string, fill: Fill, offsetY: number, weight = '') =>
    new Text({ text: words, font: `${weight} ${font}`, fill, stroke: halo, offsetY });

  return (f) => {
    const name = f.get('name') as string;
    switch (f.get('kind') as Kind | undefined) {
      case 'way':
        return way;
      case 'post':
        return post;
      case 'post-name':
        return new Style({ text: text(name, quiet, -9) });
      case 'here':
        return new Style({ image: gate, text: text(name, ink, -15, '600'), zIndex: 3 });
      case 'country':
        return new Style({ text: text(names(name), ink, 0), zIndex: 2 });
      default:
        return f.get('named') ? named : land;
    }
  };
}
