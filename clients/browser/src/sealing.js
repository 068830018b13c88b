/* The pages of firms: an answer is sealed here, before it leaves the device. */
export * from "./library.js";
