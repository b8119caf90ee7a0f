// The instruments: drums and tones made of oscillators and noise. There are no samples, so there is nothing to load.

import { pieceOf } from './drums.js';

let noise = null;

/** One second of white noise, the same each time. */
function noiseOf(context) {
  if (noise?.sampleRate === context.sampleRate) return noise;
  noise = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const data = noise.getChannelData(0);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = state / 2147483648;
  }
  return noise;
}

/** A gain that jumps to `level` and decays to silence; exponential, since loudness is heard so. */
function envelope(context, to, at, level, decay) {
  const gain = context.createGain();
  gain.gain.setValueAtTime(Math.max(level, 0.0002), at);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + decay);
  gain.connect(to);
  return gain;
}

function tone(context, to, at, { type = 'sine', from, end = from, sweep = 0.05, level, decay }) {
  const oscillator = context.createOscillator();
  oscillator.type = type;
  oscillator.frequency.setValueAtTime(from, at);
  if (end !== from) oscillator.frequency.exponentialRampToValueAtTime(end, at + sweep);
  oscillator.connect(envelope(context, to, at, level, decay));
  oscillator.start(at);
  oscillator.stop(at + decay);
  return oscillator;
}

function hiss(context, to, at, { filter, frequency, q = 0.7, level, decay }) {
  const source = context.createBufferSource(), shape = context.createBiquadFilter();
  source.buffer = noiseOf(context);
  source.loop = true;
  shape.type = filter;
  shape.frequency.value = frequency;
  shape.Q.value = q;
  source.connect(shape).connect(envelope(context, to, at, level, decay));
  source.start(at, (at * 7.3) % 1);
  source.stop(at + decay);
  return source;
}

const drums = {
  kick: (c, to, at, v) => [
    tone(c, to, at, { from: 150, end: 46, sweep: 0.09, level: v, decay: 0.34 }),
    hiss(c, to, at, { filter: 'lowpass', frequency: 3200, level: v * 0.18, decay: 0.018 })],
  snare: (c, to, at, v) => [
    tone(c, to, at, { type: 'triangle', from: 235, end: 175, level: v * 0.5, decay: 0.13 }),
    hiss(c, to, at, { filter: 'highpass', frequency: 1500, level: v * 0.55, decay: 0.19 })],
  clap: (c, to, at, v) => [0, 0.012, 0.025].map((late, i) => hiss(c, to, at + late, { filter: 'bandpass', frequency: 1300, q: 1.4, level: v * 0.7, decay: i === 2 ? 0.16 : 0.02 })),
  tom: (c, to, at, v, { pitch }) => [tone(c, to, at, { from: pitch * 1.6, end: pitch, sweep: 0.1, level: v * 0.8, decay: 0.38 })],
  stick: (c, to, at, v, { pitch, decay = 0.06 }) => [
    tone(c, to, at, { type: 'square', from: pitch, level: v * 0.12, decay }),
    tone(c, to, at, { type: 'triangle', from: pitch * 1.48, level: v * 0.2, decay })],
  hat: (c, to, at, v, { decay }) => [hiss(c, to, at, { filter: 'highpass', frequency: 7600, level: v * 0.32, decay })],
  cymbal: (c, to, at, v, { decay, tone: frequency }) => [
    hiss(c, to, at, { filter: 'highpass', frequency, level: v * 0.28, decay }),
    hiss(c, to, at, { filter: 'bandpass', frequency: frequency * 1.7, q: 3, level: v * 0.2, decay: decay * 0.7 })],
};

/** How a program sounds: families of General MIDI are told apart by spectrum and envelope, no more. */
function voiceOf(program) {
  if (program >= 32 && program < 40) return { types: ['triangle', 'sine'], cutoff: 900, attack: 0.006, sustain: 0.6, level: 0.42 };
  if (program >= 40 && program < 56) return { types: ['sawtooth', 'sawtooth'], cutoff: 2200, attack: 0.06, sustain: 0.8, level: 0.13 };
  if (program >= 56 && program < 80) return { types: ['sawtooth', 'triangle'], cutoff: 2600, attack: 0.025, sustain: 0.75, level: 0.17 };
  if (program >= 80 && program < 104) return { types: ['square', 'sawtooth'], cutoff: 2400, attack: 0.01, sustain: 0.7, level: 0.12 };
  return { types: ['triangle', 'sine'], cutoff: 3400, attack: 0.004, sustain: 0.25, level: 0.3 };
}

function melodic(context, to, at, { pitch, program }, seconds, velocity) {
  const { types, cutoff, attack, sustain, level } = voiceOf(program), frequency = 440 * 2 ** ((pitch - 69) / 12);
  const gain = context.createGain(), filter = context.createBiquadFilter(), peak = level * velocity, end = at + Math.max(seconds, 0.05), release = 0.14;
  filter.type = 'lowpass';
  filter.frequency.setValueAtTime(cutoff * (0.6 + velocity) + frequency, at);
  filter.frequency.exponentialRampToValueAtTime(Math.max(200, cutoff * 0.5 + frequency * 0.5), end + release);
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.linearRampToValueAtTime(peak, at + attack);
  gain.gain.setTargetAtTime(peak * sustain, at + attack, 0.12);
  gain.gain.setTargetAtTime(0.0001, end, release / 4);
  filter.connect(gain).connect(to);
  return types.map((type, i) => {
    const oscillator = context.createOscillator();
    oscillator.type = type;
    oscillator.frequency.value = frequency;
    oscillator.detune.value = i * 6 - 3;
    oscillator.connect(filter);
    oscillator.start(at);
    oscillator.stop(end + release);
    return oscillator;
  });
}

export const isDrum = note => note.channel === 9;

/** Sounds a note at a time of the context's clock; gives the sources, so that they can be stopped. */
export function sound(context, to, at, note, seconds) {
  const velocity = (note.velocity / 127) ** 1.4;
  if (!isDrum(note)) return melodic(context, to, at, note, seconds, velocity);
  const piece = pieceOf(note.pitch);
  return drums[piece.kind](context, to, at, velocity, piece);
}
