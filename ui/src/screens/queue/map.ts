/* A map of one journey on canvas (OpenLayers), over the borders of world-atlas (Natural Earth). */
import Feature from 'ol/Feature';
import OlMap from 'ol/Map';
import View from 'ol/View';
import 'ol/ol.css';
import { boundingExtent, buffer } from 'ol/extent';
import TopoJSON from 'ol/format/TopoJSON';
import LineString from 'ol/geom/LineString';
import MultiPolygon from 'ol/geom/MultiPolygon';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import VectorLayer from 'ol/layer/Vector';
import { fromLonLat, toLonLat } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import borders from 'world-atlas/countries-50m.json?url';
import type { Lang } from '../../i18n/index.svelte';
import type { Post } from '../../lib/api';
import { NUMBERS } from '../../lib/countries';
import { mapStyles, type Kind } from './map-styles';

const STEPS = 32;
const LEAST_SPAN_M = 200000;
const CLOSEST_ZOOM = 7;

type Place = [number, number];

async function readBorders(): Promise<Feature[]> {
  const answer = await fetch(borders);
  if (!answer.ok) throw new Error(`${borders}: ${answer.status}`);
  const format = new TopoJSON({ layers: ['countries'] });
  return format.readFeatures(await answer.json(), { featureProjection: 'EPSG:3857' });
}

/** The middle of a country's largest part, in degrees. */
function middleOf(country: Feature): Place {
  const shape = country.getGeometry();
  const parts = shape instanceof MultiPolygon ? shape.getPolygons() : [shape as Polygon];
  const largest = parts.reduce((a, b) => (b.getArea() > a.getArea() ? b : a));
  return toLonLat(largest.getInteriorPoint().getFlatCoordinates().slice(0, 2)) as Place;
}

const RADIAN = Math.PI / 180;

function toVector([lon, lat]: Place): [number, number, number] {
  const flat = Math.cos(lat * RADIAN);
  return [flat * Math.cos(lon * RADIAN), flat * Math.sin(lon * RADIAN), Math.sin(lat * RADIAN)];
}

/** Points of the shortest way over the globe. */
function greatCircle(from: Place, to: Place): Place[] {
  const a = toVector(from);
  const b = toVector(to);
  const angle = Math.acos(Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
  if (angle === 0) return [from, to];
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const p = Math.sin((1 - i / STEPS) * angle) / Math.sin(angle);
    const q = Math.sin((i / STEPS) * angle) / Math.sin(angle);
    const [x, y, z] = [0, 1, 2].map((k) => p * a[k]! + q * b[k]!) as [number, number, number];
    return [Math.atan2(y, x) / RADIAN, Math.atan2(z, Math.hypot(x, y)) / RADIAN];
  });
}

function marked(kind: Kind, name: string, place: Place): Feature {
  return new Feature({ geometry: new Point(fromLonLat(place)), kind, name });
}

export class JourneyMap {
  readonly ready: Promise<void>;
  readonly #map: OlMap;
  readonly #land = new VectorSource<Feature>();
  readonly #posts = new VectorSource<Feature>();
  readonly #journey = new VectorSource<Feature>();
  #styles = mapStyles('az');
  readonly #countries = new Map<string, Feature>();

  constructor(target: HTMLElement) {
    const style = (f: unknown) => this.#styles(f as Feature);
    this.#map = new OlMap({
      target,
      controls: [],
      layers: [
        new VectorLayer({ source: this.#land, style, updateWhileInteracting: true }),
        new VectorLayer({ source: this.#posts, style, updateWhileInteracting: true }),
        new VectorLayer({ source: this.#journey, style, declutter: true, updateWhileInteracting: true }),
      ],
      view: new View({ center: fromLonLat([47.5, 40.3]), zoom: 5, maxZoom: 12 }),
    });
    this.ready = readBorders().then((all) => {
      for (const country of all) this.#countries.set(String(country.getId()), country);
      this.#land.addFeatures(all);
    });
  }

  /** Colours of the present theme, names in this language. */
  paint(lang: Lang): void {
    this.#styles = mapStyles(lang);
    for (const source of [this.#land, this.#posts, this.#journey]) source.changed();
  }

  /** The countries of a journey, the post on its way, and the other posts. */
  show(codes: string[], post: Post | undefined, posts: Post[]): void {
    const through = this.#through(codes, post);
    this.#journey.clear();
    this.#posts.clear();
    for (const p of posts) {
      this.#posts.addFeature(marked('post', p.name, [p.lon, p.lat]));
      if (p.code !== post?.code) this.#journey.addFeature(marked('post-name', p.name, [p.lon, p.lat]));
    }
    if (through.length > 1) {
      const line = through.slice(1).flatMap((place, i) => greatCircle(through[i]!, place));
      const geometry = new LineString(line.map((p) => fromLonLat(p)));
      this.#journey.addFeature(new Feature({ geometry, kind: 'way' satisfies Kind }));
    }
    this.#mark(codes);
    if (post) this.#journey.addFeature(marked('here', post.name, [post.lon, post.lat]));
    this.#fit(through.map((p) => fromLonLat(p)));
  }

  /** The post stands where the country that it guards is entered or left. */
  #through(codes: string[], post: Post | undefined): Place[] {
    const here = post && post.code.slice(0, 2);
    const at = codes.findIndex((c) => c === here);
    const out = at === 0;
    return codes.flatMap((code, i): Place[] => {
      const country = this.#countries.get(NUMBERS.get(code) ?? '');
      const middle = country && middleOf(country);
      if (post === undefined || i !== at) return middle ? [middle] : [];
      const gate: Place = [post.lon, post.lat];
      if (codes.length > 2 && !out && i < codes.length - 1) return [gate];
      return middle ? (out ? [middle, gate] : [gate, middle]) : [gate];
    });
  }

  #mark(codes: string[]): void {
    for (const country of this.#countries.values()) country.set('named', false, true);
    for (const code of codes) {
      const country = this.#countries.get(NUMBERS.get(code) ?? '');
      if (country === undefined) continue;
      country.set('named', true, true);
      this.#journey.addFeature(marked('country', code, middleOf(country)));
    }
    this.#land.changed();
  }

  #fit(points: number[][]): void {
    if (points.length === 0) return;
    this.#map.updateSize();
    this.#map.getView().fit(buffer(boundingExtent(points), LEAST_SPAN_M / 2), { padding: [30, 60, 30, 60], maxZoom: CLOSEST_ZOOM });
  }

  close(): void {
    this.#map.setTarget(undefined);
  }
}
