/* The pages of firms: an answer is sealed here, before it leaves the device. */
export * from "./library.js";
import { startAnswer } from "./pages/answer.js";
import { startReceipt } from "./pages/receipt.js";

startAnswer();
startReceipt();
