/*
 * A line or an area on the map, drawn point by point. In: the map, the box around it (with its sentences) and the hidden
 * control that holds the points ("lon,lat lon,lat …"). Out: that control, the drawing, and a sentence with how many points
 * there are and how large it is.
 * Always holds: the control says what the map shows; the server measures for itself.
 */
const MOST = 100;
const METRES_A_DEGREE = 111195;
const BLUE = "#0b5f73";
const NOTHING = { type: "FeatureCollection", features: [] };

export const LAYERS = [
  { id: "drawn-fill", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": BLUE, "fill-opacity": 0.25 } },
  { id: "drawn-line", type: "line", filter: ["!=", ["geometry-type"], "Point"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": BLUE, "line-width": 4 } },
  { id: "drawn-points", type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 7, "circle-color": ["case", ["==", ["get", "last"], true], "#fff", BLUE], "circle-stroke-width": 3, "circle-stroke-color": BLUE } },
].map((layer) => ({ ...layer, source: "drawn" }));

export const source = (data) => ({ type: "geojson", data: data ?? NOTHING });

function feature(type, coordinates, properties = {}) {
  return { type: "Feature", properties, geometry: { type, coordinates } };
}

function features(points, shape) {
  const dots = points.map((point, place) => feature("Point", point, { last: place === points.length - 1 }));
  if (shape === "area" && points.length > 2) dots.unshift(feature("Polygon", [[...points, points[0]]]));
  else if (points.length > 1) dots.unshift(feature("LineString", points));
  return { type: "FeatureCollection", features: dots };
}

/** Metres from the first point, to the east and to the north: what a town draws is small. */
function flat(points) {
  const [lon, lat] = points[0];
  const wide = METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180);
  return points.map(([x, y]) => [(x - lon) * wide, (y - lat) * METRES_A_DEGREE]);
}

function size(points, shape) {
  const at = flat(points);
  const next = shape === "area" ? [...at.slice(1), at[0]] : at.slice(1);
  const parts = next.map(([x, y], n) => (shape === "area" ? (at[n][0] * y - x * at[n][1]) / 2 : Math.hypot(x - at[n][0], y - at[n][1])));
  return Math.abs(parts.reduce((sum, one) => sum + one, 0));
}

function say(points, shape, sentences) {
  if (!points.length) return "";
  const said = [points.length === 1 ? sentences.one : sentences.many.replace("{n}", points.length)];
  if (points.length > (shape === "area" ? 2 : 1)) {
    const about = Number(size(points, shape).toPrecision(2)).toLocaleString(document.documentElement.lang || "nl");
    said.push((shape === "area" ? sentences.surface : sentences.length).replace("{size}", about));
  }
  if (points.length >= MOST) said.push(sentences.full);
  return said.join(" ");
}

/** `shape()` tells which of them is drawn now; "point" hides what was drawn and keeps it. */
export function drawingOn(map, element, controls, shape) {
  const fewer = element.closest("fieldset").querySelector("[data-fewer]");
  let points = controls.points.value.split(" ").filter(Boolean).map((one) => one.split(",").map(Number));
  const show = () => {
    const drawn = shape() === "point" ? [] : points;
    map.getSource("drawn")?.setData(features(drawn, shape()));
    fewer.hidden = !drawn.length;
  };
  const change = (now) => {
    points = now;
    controls.points.value = points.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(" ");
    controls.said.textContent = say(points, shape(), element.dataset);
    show();
    controls.points.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const undo = () => change(points.slice(0, -1));
  for (const [name, act] of [["undo", undo], ["clear", () => change([])]]) {
    fewer.querySelector(`[data-${name}]`).addEventListener("click", (event) => {
      event.preventDefault();
      act();
      if (!points.length) map.getCanvas().focus(); // The buttons are gone, and the focus with them.
    });
  }
  map.once("load", show);
  return {
    put: ({ lng, lat }) => points.length < MOST && change([...points, [lng, lat]]),
    undo,
    show,
    say: () => (controls.said.textContent = say(points, shape(), element.dataset)),
    points: () => points,
  };
}
