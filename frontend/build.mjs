/*
 * Builds what pages load: `npm ci`, then `node build.mjs`.
 *
 * Comes in: src/, the packages of package.json, and the areas of a theme's town. Goes out: src/raadhuis/site/assets/ with
 * content-hashed names, a .gz and .br beside each text, and manifest.json (logical name -> hashed name).
 * Always holds: the same input gives the same bytes; the manifest is written last, so that it never names a file that is
 * not there; what an earlier build left behind is removed.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "..", "src", "raadhuis", "site", "assets");
const FONTS = "node_modules/@fontsource/noto-sans/files";
const WEIGHTS = ["400", "600", "700"];
const BROWSERS = ["chrome109", "firefox115", "safari16"];

const manifest = {};
const written = new Set(["manifest.json"]);

function stop(message) {
  console.error(`build: ${message}`);
  process.exit(1);
}

/** Writes `bytes` under the hashed name of `logical`, with compressed copies of what compresses. */
async function put(logical, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const name = logical.replace(/\.([^.]+)$/, `.${hash}.$1`);
  const path = join(OUT, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  written.add(name);
  if (!logical.endsWith(".woff2")) {
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    written.add(`${name}.gz`).add(`${name}.br`);
  }
  manifest[logical] = name;
}

async function copy(logical, source) {
  await put(logical, await readFile(join(HERE, source)).catch(() => stop(`${source} is missing. Run \`npm ci\` first.`)));
}

/** Bundles `source`; in style sheets, `url(asset:NAME)` becomes the hashed name of an asset that was put before. */
async function bundle(esbuild, logical, source, options = {}) {
  const made = await esbuild
    .build({
      entryPoints: [join(HERE, source)],
      bundle: true,
      minify: true,
      write: false,
      target: BROWSERS,
      legalComments: "eof",
      external: ["asset:*"],
      logLevel: "silent",
      ...options,
    })
    .catch((error) => stop(`${source}:\n${(error.errors ?? [{ text: String(error) }]).map(describe).join("\n")}`));
  const text = made.outputFiles[0].text.replace(/asset:([\w./-]+)/g, (_, name) => {
    if (!manifest[name]) stop(`${source} asks for the asset ${name}, which does not exist.`);
    return relative(dirname(logical), manifest[name]);
  });
  await put(logical, Buffer.from(text));
}

function describe(error) {
  const at = error.location ? `${error.location.file}:${error.location.line}: ` : "";
  return `  ${at}${error.text}`;
}

/** A theme is a folder: theme.css, logo.svg, icon.svg, hero.svg and, when its town has areas to draw, areas.txt with their path. */
async function theme(esbuild, name) {
  const folder = `src/themes/${name}`;
  await copy(`themes/${name}-hero.svg`, `${folder}/hero.svg`);
  await bundle(esbuild, `themes/${name}.css`, `${folder}/theme.css`);
  await copy(`themes/${name}-logo.svg`, `${folder}/logo.svg`);
  await copy(`themes/${name}-icon.svg`, `${folder}/icon.svg`);
  const areas = await readFile(join(HERE, folder, "areas.txt"), "utf8").catch(() => "");
  if (areas) await copy(`themes/${name}-areas.json`, areas.trim());
}

/** The licences of everything that goes into the assets, as their authors ask: they travel with the wheel. */
async function licences() {
  const { dependencies } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8"));
  const parts = [];
  for (const name of Object.keys(dependencies).sort()) {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${license}`;
    parts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await put("licences.txt", Buffer.from(parts.join(`\n${"-".repeat(80)}\n\n`)));
}

async function removeLeftovers(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeLeftovers(path);
    else if (!written.has(relative(OUT, path))) await rm(path);
  }
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 20) stop(`Node 20 or newer is needed, this is ${process.version}.`);
  const esbuild = await import("esbuild").catch(() => stop("esbuild is missing. Run `npm ci` first."));
  await stat(join(HERE, FONTS)).catch(() => stop(`${FONTS} is missing. Run \`npm ci\` first.`));
  await mkdir(OUT, { recursive: true });

  for (const weight of WEIGHTS) {
    await copy(`fonts/noto-sans-${weight}.woff2`, `${FONTS}/noto-sans-latin-${weight}-normal.woff2`);
    await copy(`fonts/noto-sans-ext-${weight}.woff2`, `${FONTS}/noto-sans-latin-ext-${weight}-normal.woff2`);
  }
  await bundle(esbuild, "raadhuis.css", "src/raadhuis.css");
  await bundle(esbuild, "raadhuis.js", "src/raadhuis.js", { format: "iife" });
  await bundle(esbuild, "map.css", "src/map.css", { loader: { ".svg": "dataurl" } });
  await bundle(esbuild, "map.js", "src/map.js", { format: "esm", target: ["es2022"] });
  await bundle(esbuild, "map-worker.js", "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", {
    format: "esm",
    target: ["es2022"],
  });
  for (const name of (await readdir(join(HERE, "src", "themes"))).sort()) await theme(esbuild, name);
  await licences();

  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  await removeLeftovers(OUT);
  console.log(`build: ${Object.keys(sorted).length} assets in ${relative(join(HERE, ".."), OUT)}`);
}

await main();
