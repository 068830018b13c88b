/* Builds the bundles that the pages load, from the lock: `npm ci && npm run build`.

   Beside them: the licences of what they contain, and the digests that the tests compare. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.JALON_BUNDLES || join(here, "../../static/js");
const BUNDLES = { sealing: "JalonSealing", custody: "JalonCustody" };

async function bundle(name, globalName) {
  const told = await build({
    absWorkingDir: here,
    entryPoints: [`src/${name}.js`],
    bundle: true,
    format: "iife",
    globalName,
    legalComments: "none",
    metafile: true,
    minify: true,
    target: "es2022",
    banner: { js: "/* Built from clients/browser/src; licences in bundles.LICENSES.txt. */" },
    write: false,
  });
  const [file] = told.outputFiles;
  await writeFile(join(out, `${name}.js`), file.contents);
  return { digest: createHash("sha256").update(file.contents).digest("hex"), inputs: Object.keys(told.metafile.inputs) };
}

async function licence(packageName) {
  const folder = join(here, "node_modules", packageName);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json")));
  const [file] = (await readdir(folder)).filter((name) => /^licen[cs]e/i.test(name));
  const words = await readFile(join(folder, file), "utf8");
  return `==== ${packageName} ${version} (${license}) ====\n\n${words.trim()}\n`;
}

const packageOf = (input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];

const digests = [];
const packages = new Set();
for (const [name, globalName] of Object.entries(BUNDLES)) {
  const { digest, inputs } = await bundle(name, globalName);
  digests.push(`${digest}  ${name}.js\n`);
  inputs.map(packageOf).filter(Boolean).forEach((found) => packages.add(found));
}
const licences = await Promise.all([...packages].sort().map(licence));
await writeFile(join(out, "bundles.sha256"), digests.join(""));
await writeFile(join(out, "bundles.LICENSES.txt"), licences.join("\n\n"));
