/* The sending of this answer: begun on the server, its key dealt here, and recognised after a reload.

   What the device keeps of it ({bid, public_key, custodians, files…}) is the only proof that the key is its own. */
import { fromHex } from "../bytes.js";
import { deal } from "../deal.js";
import { forget, forgetPieces, keep, kept } from "../keep.js";
import { publicKey } from "../seal.js";
import { call } from "./page.js";

const DEVICE = "device";

export class Session {
  /* `facts`: {uploads, tender, bidder}. `onStranger(files)`: asked when the sending is not this device's own and
     already holds files; resolves when it may be given up. `onOpened(session)`: told once it is open. */
  constructor(facts, { onStranger, onOpened }) {
    Object.assign(this, { facts, onStranger, onOpened, record: null, opening: null });
  }

  /* The open sending: its record. Opened once, tried again after a failure. */
  opened() {
    if (!this.opening) {
      this.opening = this.#open().catch((error) => {
        this.opening = null;
        throw error;
      });
    }
    return this.opening;
  }

  async #open() {
    const { uploads, tender, bidder } = this.facts;
    const told = await call("POST", uploads, { tender: Number(tender), bidder: Number(bidder) });
    const record = (await kept(name(told.id))) || null;
    const isOwn = record && told.sealed_by === DEVICE && record.public_key === told.public_key;
    if (!isOwn && told.public_key) return this.#restart(told);
    this.record = isOwn ? record : await this.#deal(told);
    this.key = await publicKey(fromHex(this.record.public_key));
    this.server = told;
    this.onOpened(this);
    return this.record;
  }

  /* Sealed elsewhere (another device, a program, the server): nothing of it can be checked here. */
  async #restart(told) {
    const files = (told.files || []).filter((file) => !file.removed_at);
    if (files.length) await this.onStranger(files.length);
    await call("DELETE", `${this.facts.uploads}${told.id}/`);
    return this.#open();
  }

  async #deal(told) {
    const place = { tender: String(told.tender), round: String(told.round), bidder: String(told.bidder), bid: told.id };
    const dealt = await deal(place, told.custody);
    const record = {
      ...place,
      public_key: dealt.public_key,
      custodians: dealt.custodians,
      threshold: told.custody.threshold,
      files: [],
    };
    // Kept before it is told: an answer that is lost leaves a key that the device knows.
    await keep(name(told.id), record);
    const { public_key, shares } = dealt;
    await call("POST", `${this.facts.uploads}${told.id}/key/`, { sealed_by: DEVICE, public_key, shares });
    return record;
  }

  place(more) {
    const { tender, round, bidder, bid } = this.record;
    return { tender, round, bidder, bid, ...more };
  }

  address(file = "") {
    return `${this.facts.uploads}${this.record.bid}/${file ? `files/${file}/` : ""}`;
  }

  /* The name under which the ciphertext of a file waits. */
  pieces(file) {
    return `${this.record.bid}/${file}`;
  }

  /* Another tab may have changed the record meanwhile: what is changed is always the last one kept. */
  async change(make) {
    const last = (await kept(name(this.record.bid))) || this.record;
    make(last);
    await keep(name(last.bid), last);
    this.record = last;
  }

  async forgetFile(id) {
    await this.change((record) => {
      record.files = record.files.filter((file) => file.id !== id);
    });
    await forgetPieces(this.pieces(id));
  }
}

const name = (bid) => `session:${bid}`;
export const forgetSession = (bid) => forget(name(bid));
