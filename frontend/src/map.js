/*
 * The map of a place question. In: an element with `data-areas` (GeoJSON of neighbourhoods), `data-tiles` (raster tiles
 * {z}/{x}/{y}, or a .pmtiles file) and `data-center`. Out: the two hidden controls with latitude and longitude; where one
 * may draw (`data-points`), the control with the points. With `data-drawn` (GeoJSON) it only shows.
 * Always holds: everything the mouse can do, the keyboard can; no style or script is made inline.
 */
import * as maplibre from "maplibre-gl";
import { PMTiles, Protocol } from "pmtiles";
import { LAYERS, drawingOn, source } from "./js/drawing.js";

const PIN =
  '<svg viewBox="0 0 40 48" width="40" height="48" aria-hidden="true"><path fill="currentColor" stroke="#fff" stroke-width="2.5" d="M20 46S5 29.500 5 17.500a15 15 0 0 1 30 0C35 29.500 20 46 20 46z"/><circle cx="20" cy="17.500" r="6" fill="#fff"/></svg>';
const ATTRIBUTION = '© <a href="https://www.pdok.nl">Kadaster (PDOK)</a>';
const CLOSE_BY = 16;

function base(tiles) {
  if (!tiles) return {};
  if (!tiles.includes(".pmtiles")) return { base: { type: "raster", tiles: [tiles], tileSize: 256, attribution: ATTRIBUTION } };
  const protocol = new Protocol();
  const address = new URL(tiles, location.href).href;
  protocol.add(new PMTiles(address));
  maplibre.addProtocol("pmtiles", protocol.tile);
  return { base: { type: "raster", url: `pmtiles://${address}`, tileSize: 256 } };
}

function style(tiles, areas, drawn) {
  const sources = base(tiles);
  const layers = [{ id: "ground", type: "background", paint: { "background-color": "#e2f1f3" } }];
  if (sources.base) layers.push({ id: "base", type: "raster", source: "base" });
  if (areas) {
    sources.areas = { type: "geojson", data: areas };
    if (!sources.base) layers.push({ id: "fill", type: "fill", source: "areas", paint: { "fill-color": "#f7faf5" } });
    layers.push({ id: "edge", type: "line", source: "areas", paint: { "line-color": "#0b5f73", "line-width": 2, "line-opacity": 0.65 } });
  }
  sources.drawn = source(drawn);
  return { version: 8, sources, layers: [...layers, ...LAYERS] };
}

function corners(areas) {
  const bounds = new maplibre.LngLatBounds();
  for (const feature of areas?.features ?? []) {
    for (const point of feature.geometry.coordinates.flat(feature.geometry.type === "MultiPolygon" ? 2 : 1)) bounds.extend(point);
  }
  return bounds;
}

/** Names stand where most of an area is: the middle of its corners. */
function nameAreas(map, areas) {
  const names = [];
  for (const feature of areas?.features ?? []) {
    const name = document.createElement("div");
    name.className = "rh-map__name";
    name.setAttribute("aria-hidden", "true");
    name.textContent = feature.properties.buurtnaam ?? "";
    names.push(new maplibre.Marker({ element: name }).setLngLat(corners({ features: [feature] }).getCenter()).addTo(map));
  }
  const show = () => showWhatFits(map, names);
  map.on("move", show);
  map.once("idle", show);
}

/** Hides a name that would lie over an earlier one. */
function showWhatFits(map, names) {
  const shown = [];
  for (const marker of names) {
    const at = map.project(marker.getLngLat());
    const half = marker.getElement().offsetWidth / 2;
    const free = shown.every((one) => Math.abs(one.at.y - at.y) > 20 || Math.abs(one.at.x - at.x) > one.half + half);
    marker.getElement().style.visibility = free ? "" : "hidden";
    if (free) shown.push({ at, half });
  }
}

function pinOn(map, element, controls) {
  const shape = document.createElement("div");
  shape.className = "rh-map__pin";
  shape.innerHTML = PIN;
  const pin = new maplibre.Marker({ element: shape, anchor: "bottom", draggable: true });
  shape.removeAttribute("tabindex");
  shape.setAttribute("aria-hidden", "true");
  const put = ({ lng, lat }) => {
    pin.setLngLat([lng, lat]).addTo(map);
    controls.lat.value = lat.toFixed(6);
    controls.lon.value = lng.toFixed(6);
    controls.said.textContent = element.dataset.set;
    controls.lat.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const hide = () => pin.remove();
  const clear = () => {
    hide();
    controls.lat.value = controls.lon.value = controls.said.textContent = "";
    controls.lat.dispatchEvent(new Event("input", { bubbles: true }));
  };
  pin.on("dragend", () => put(pin.getLngLat()));
  const show = () => {
    if (controls.lat.value && controls.lon.value) pin.setLngLat([Number(controls.lon.value), Number(controls.lat.value)]).addTo(map);
  };
  return { put, clear, show, hide, undo: clear, say: () => (controls.said.textContent = controls.lat.value ? element.dataset.set : "") };
}

/** What a touch does: it sets the pin, or draws; who may do both has chosen above the map. */
function toolsOn(map, element, controls) {
  const pin = pinOn(map, element, controls);
  if (!controls.points) return () => pin;
  const box = element.closest("fieldset");
  const chosen = () => box.querySelector("[data-shapes] input:checked")?.value ?? element.dataset.shape;
  const drawing = drawingOn(map, element, controls, chosen);
  const tool = () => (chosen() === "point" ? pin : drawing);
  const change = () => {
    pin.hide();
    for (const part of element.querySelectorAll("[data-for]")) part.hidden = (part.dataset.for === "point") !== (chosen() === "point");
    drawing.show();
    tool().show();
  };
  box.querySelector("[data-shapes]")?.addEventListener("change", () => {
    change();
    tool().say();
  });
  map.doubleClickZoom.disable(); // Two points soon after one another are two points.
  change();
  return tool;
}

function wire(map, element, controls, tool) {
  const button = (name) => element.querySelector(`[data-map-${name}]`);
  map.on("click", (event) => tool().put(event.lngLat));
  const question = element.closest("fieldset")?.querySelector("legend")?.textContent.trim() ?? "";
  map.getCanvas().setAttribute("role", "application");
  map.getCanvas().setAttribute("aria-label", `${question} ${element.dataset.label}`.trim());
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && !(event.key === "Backspace" && controls.points)) return;
    event.preventDefault();
    if (event.key === "Enter") tool().put(map.getCenter());
    else tool().undo();
  });
  button("center").addEventListener("click", () => tool().put(map.getCenter()));
  button("clear")?.addEventListener("click", () => tool().undo());
  if (!navigator.geolocation) button("here").hidden = true;
  button("here").addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const at = { lng: coords.longitude, lat: coords.latitude };
        map.jumpTo({ center: at, zoom: CLOSE_BY });
        tool().put(at);
      },
      () => (controls.said.textContent = element.dataset.notHere),
      { timeout: 10_000, maximumAge: 60_000 },
    ),
  );
}

/** The corners of what is there already; null for nothing. */
function alreadyThere(data, controls) {
  const bounds = new maplibre.LngLatBounds();
  const extend = (at) => (typeof at[0] === "number" ? bounds.extend(at) : at.forEach(extend));
  if (data.drawn) for (const one of JSON.parse(data.drawn).features) extend(one.geometry.coordinates);
  for (const one of controls.points?.value.split(" ").filter(Boolean) ?? []) bounds.extend(one.split(",").map(Number));
  if (controls.lat?.value && controls.lon.value) bounds.extend([Number(controls.lon.value), Number(controls.lat.value)]);
  return bounds.isEmpty() ? null : bounds;
}

/** Which way a route goes. */
function nameEnds(map, element) {
  for (const { geometry } of JSON.parse(element.dataset.drawn).features) {
    if (geometry.type !== "LineString") continue;
    for (const [at, text] of [[geometry.coordinates[0], element.dataset.begin], [geometry.coordinates.at(-1), element.dataset.end]]) {
      const name = document.createElement("div");
      name.className = "rh-map__name rh-map__name--end";
      name.textContent = text;
      new maplibre.Marker({ element: name, anchor: "bottom" }).setLngLat(at).addTo(map);
    }
  }
}

function mapIn(element, areas, there) {
  const data = element.dataset;
  const [lat, lon] = data.center.split(",").map(Number);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new maplibre.Map({
    container: element.querySelector(".rh-map"),
    style: style(data.tiles, areas, data.drawn && JSON.parse(data.drawn)),
    center: [lon, lat],
    zoom: 12,
    minZoom: 8,
    maxZoom: 19,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: false,
    fadeDuration: calm ? 0 : 200,
    attributionControl: data.tiles ? { compact: false } : false,
    locale: { "NavigationControl.ZoomIn": data.zoomIn, "NavigationControl.ZoomOut": data.zoomOut, "Map.Title": data.label },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  if (there) map.fitBounds(there, { padding: 48, animate: false, maxZoom: CLOSE_BY });
  else if (areas) map.fitBounds(corners(areas), { padding: 24, animate: false });
  if (areas) nameAreas(map, areas);
  return map;
}

/** Makes the map inside `element`; rejects when the browser cannot draw one. */
export async function start(element) {
  const data = element.dataset;
  const control = (name) => (name ? document.getElementById(name) : null);
  const controls = { lat: control(data.lat), lon: control(data.lon), said: control(data.said), points: control(data.points) };
  maplibre.setWorkerUrl(new URL(data.worker, location.href).href);
  const areas = data.areas ? await (await fetch(data.areas)).json() : null;
  const map = mapIn(element, areas, alreadyThere(data, controls));
  if (data.drawn) {
    map.getCanvas().setAttribute("aria-label", data.label);
    nameEnds(map, element);
    return;
  }
  const tool = toolsOn(map, element, controls);
  tool().show();
  wire(map, element, controls, tool);
}
