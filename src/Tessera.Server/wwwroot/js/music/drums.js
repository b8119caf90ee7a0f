// Percussion by its General MIDI number: the lane's name, its order from low to high, and how it is made.

/** [numbers, name, kind, settings] from the floor of the kit upwards. */
export const kit = [
  [[35, 36], 'Kick', 'kick'],
  [[44], 'Pedal hi-hat', 'hat', { decay: 0.04 }],
  [[38, 40], 'Snare', 'snare'],
  [[37], 'Side stick', 'stick', { pitch: 1700 }],
  [[39], 'Clap', 'clap'],
  [[41, 43], 'Floor tom', 'tom', { pitch: 92 }],
  [[45, 47], 'Mid tom', 'tom', { pitch: 132 }],
  [[48, 50, 58], 'High tom', 'tom', { pitch: 180 }],
  [[22, 42], 'Closed hi-hat', 'hat', { decay: 0.05 }],
  [[26, 46], 'Open hi-hat', 'hat', { decay: 0.34 }],
  [[51, 59], 'Ride', 'cymbal', { decay: 0.7, tone: 5200 }],
  [[53], 'Ride bell', 'stick', { pitch: 2900, decay: 0.3 }],
  [[54], 'Tambourine', 'hat', { decay: 0.1 }],
  [[56], 'Cowbell', 'stick', { pitch: 560, decay: 0.16 }],
  [[49, 52, 55, 57], 'Crash', 'cymbal', { decay: 1.3, tone: 3600 }],
].map(([numbers, name, kind, settings], order) => ({ numbers, name, kind, order, ...settings }));

const byNumber = new Map(kit.flatMap(piece => piece.numbers.map(number => [number, piece])));

/** The piece that a number sounds; numbers that General MIDI names and this kit does not share a lane. */
export const pieceOf = number => byNumber.get(number) ?? other;

const other = { numbers: [], name: 'Other percussion', kind: 'stick', pitch: 900, order: kit.length };
