/* What the pages and the tests call. */
export * as amounts from "./amounts.js";
export * as bytes from "./bytes.js";
export * as canonical from "./canonical.js";
export * as digest from "./digest.js";
export * as deal from "./deal.js";
export * as keep from "./keep.js";
export * as manifest from "./manifest.js";
export * as seal from "./seal.js";
export * as sealfile from "./sealfile.js";
