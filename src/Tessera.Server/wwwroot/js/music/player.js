// Plays notes on the audio clock. Timers are late and jitter, so a timer only looks ahead: what starts within the next fifth of
// a second is handed to the audio clock, which is exact.

import { sound } from './synth.js';

const ahead = 0.2, every = 40;

export class Player {
  #context = null;
  #bus = null;
  #timer = 0;
  #next = 0;
  #sounding = new Set();
  #startedAt = 0;   // audio time at which #from was heard
  #from = 0;
  #notes = [];
  #tempo = 1;
  seconds = 0;
  playing = false;

  constructor(changed) {
    this.changed = changed;
  }

  /** Takes new music, from its beginning, silent. */
  load(notes, seconds) {
    this.pause();
    this.#notes = [...notes].sort((a, b) => a.start - b.start);
    this.seconds = seconds;
    this.#from = 0;
    this.changed();
  }

  /** Where the music is, in its own seconds. */
  get position() {
    if (!this.playing) return this.#from;
    return Math.min(this.seconds, Math.max(0, this.#from + (this.#context.currentTime - this.#startedAt) * this.#tempo));
  }

  get tempo() {
    return this.#tempo;
  }

  set tempo(value) {
    const at = this.position;
    this.#tempo = value;
    if (this.playing) this.#restart(at);
  }

  async play() {
    if (this.playing || this.#notes.length === 0) return;
    if (!this.#context) {
      this.#context = new AudioContext();
      // A compressor keeps a loud bar from clipping.
      const master = this.#context.createGain();
      master.gain.value = 0.8;
      master.connect(this.#context.createDynamicsCompressor()).connect(this.#context.destination);
      this.#bus = master;
    }
    await this.#context.resume();
    // Pressed twice meanwhile.
    if (this.playing) return;
    this.playing = true;
    this.#restart(this.#from >= this.seconds - 0.01 ? 0 : this.#from);
    this.#timer = setInterval(() => this.#schedule(), every);
    this.changed();
  }

  pause() {
    if (!this.playing) return;
    this.#from = this.position;
    this.playing = false;
    clearInterval(this.#timer);
    this.#silence();
    this.changed();
  }

  seek(position) {
    const to = Math.min(this.seconds, Math.max(0, position));
    if (this.playing) this.#restart(to);
    else this.#from = to;
    this.changed();
  }

  #restart(from) {
    this.#silence();
    this.#from = from;
    this.#startedAt = this.#context.currentTime + 0.05;
    const at = this.#notes.findIndex(note => note.start >= from - 0.001);
    this.#next = at < 0 ? this.#notes.length : at;
    this.#schedule();
  }

  #schedule() {
    const until = this.#from + (this.#context.currentTime + ahead - this.#startedAt) * this.#tempo;
    for (; this.#next < this.#notes.length && this.#notes[this.#next].start < until; this.#next++) {
      const note = this.#notes[this.#next], at = this.#startedAt + (note.start - this.#from) / this.#tempo;
      for (const source of sound(this.#context, this.#bus, Math.max(at, this.#context.currentTime), note, note.duration / this.#tempo)) {
        this.#sounding.add(source);
        source.onended = () => this.#sounding.delete(source);
      }
    }
    if (this.#context.currentTime - this.#startedAt > (this.seconds - this.#from) / this.#tempo + 0.3) {
      this.playing = false;
      clearInterval(this.#timer);
      this.#from = this.seconds;
      this.changed();
    }
  }

  #silence() {
    for (const source of this.#sounding) source.stop();
    this.#sounding.clear();
  }
}
