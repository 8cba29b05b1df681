// Write one minified module and, beside it, the licenses of all packages that it contains.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const folder = process.argv[2];
const { metafile } = await build({
  entryPoints: ["codemirror.js"],
  outfile: `${folder}/codemirror.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
});

const PACKAGE = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const names = Object.keys(metafile.inputs).map((path) => path.match(PACKAGE)?.[1]).filter(Boolean);
const parts = [...new Set(names)].sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
  return `${name} ${version} (${license})\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${folder}/codemirror-licences.txt`, parts.join(`\n${"-".repeat(78)}\n\n`));
