// Builds the front end into webapp/static/built: hashed files, their gzip twins, and manifest.json (logical name → file).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const packages = join(here, "node_modules");
const webapp = join(here, "..");
const built = join(webapp, "static", "built");
const making = `${built}.making`; // a server that runs meanwhile keeps the old files until the last moment
const manifest = {};

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const file = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(making, file), content);
  writeFileSync(join(making, `${file}.gz`), gzipSync(content, { level: 9 }));
  manifest[name] = file;
  return file;
}

// Of a font's formats the one every browser of ours reads is served; style sheets stay small and name a hashed file.
const fonts = {
  name: "fonts",
  setup(build) {
    build.onResolve({ filter: /\.(eot|woff2?|ttf|svg)(\?.*)?(#.*)?$/ }, ({ path, resolveDir, kind }) => {
      if (kind !== "url-token") return null;
      const file = join(resolveDir, path.replace(/\.\w+([?#].*)?$/, ".woff2"));
      return { path: `./${put(basename(file), readFileSync(file))}`, external: true };
    });
  },
};

// The text fields of form-js put their style into the page as an element, which our policy refuses; as a sheet of the
// document's own (what the same library does inside shadow roots) it is allowed.
const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /style-mod\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const changed = text.replace("if (!root.head && root.adoptedStyleSheets", "if (root.adoptedStyleSheets");
      if (changed === text) throw new Error(`${path}: where it chooses between sheet and element has changed`);
      return { contents: changed, loader: "js" };
    });
  },
};

async function bundle(name, entry, options = {}) {
  const result = await esbuild.build({
    entryPoints: [join(here, "sources", entry)],
    bundle: true,
    minify: true,
    write: false,
    legalComments: "inline",
    target: ["es2022", "chrome110", "firefox115", "safari16"],
    format: "esm",
    logLevel: "warning",
    plugins: [fonts, styles],
    alias: { preact: join(packages, "preact") }, // form-js asks for two of it, and a component of one is none of the other
    ...options,
  });
  return put(name, result.outputFiles[0].contents);
}

// The listed signs, what templates call by name, and any quoted name with a hyphen that is a sign's ("alarm-fill").
function iconNames() {
  const names = new Set(readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean));
  for (const file of readdirSync(webapp, { recursive: true })) {
    if (file.startsWith("designer") || !/\.(html|py)$/.test(file)) continue;
    const text = readFileSync(join(webapp, file), "utf8");
    for (const [, name] of text.matchAll(/\bicon\(\s*['"]([a-z0-9-]+)['"]/g)) names.add(name);
    for (const [, name] of text.matchAll(/['"]([a-z0-9]+(?:-[a-z0-9]+)+)['"]/g)) if (existsSync(iconFile(name))) names.add(name);
  }
  return [...names].sort();
}

const iconFile = (name) => join(packages, "bootstrap-icons", "icons", `${name}.svg`);

function sprite() {
  const symbols = iconNames().map((name) => {
    const svg = readFileSync(iconFile(name), "utf8");
    const inside = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).trim().replace(/\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 16 16">${inside}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

rmSync(making, { recursive: true, force: true });
mkdirSync(making, { recursive: true });

put("icons.svg", sprite());
put("favicon.svg", readFileSync(join(here, "sources", "favicon.svg")));
const bootstrap = readFileSync(join(packages, "bootstrap", "dist", "css", "bootstrap.min.css"), "utf8");
put("bootstrap.min.css", bootstrap.replace(/\/\*# sourceMappingURL=.*\*\//, ""));
await bundle("app.css", "app.css");
await bundle("htmx.js", "htmx.js", { format: "iife" });
const viewerStyle = await bundle("viewer.css", "viewer.css");
const viewer = await bundle("viewer.js", "viewer.js");
for (const editor of ["modeler", "forms", "decisions"]) {
  await bundle(`${editor}.css`, `${editor}.css`);
  await bundle(`${editor}.js`, `${editor}.js`);
}
await bundle("app.js", "app.js", {
  define: { VIEWER: JSON.stringify(`./${viewer}`), VIEWER_STYLE: JSON.stringify(`./${viewerStyle}`) },
});

writeFileSync(join(making, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
rmSync(built, { recursive: true, force: true });
renameSync(making, built);
