// Sound as a grid: how much of each pitch there is in each moment.

export const RATE = 8000;
export const HOP = 128;
const SECONDS = 1;

// Seconds to octaves above or below the starting pitch.
const TUNES = {
  glide: (t, octaves) => octaves * t,
  jump: (t, octaves) => (t < 0.5 ? 0 : octaves),
  wobble: (t, octaves) => (octaves / 2) * Math.sin(2 * Math.PI * 5 * t),
};

export function samples({ tune, pitch, octaves }) {
  let phase = 0;
  return Float32Array.from({ length: RATE * SECONDS }, (_, i) => {
    const t = i / RATE;
    phase += (2 * Math.PI * pitch * 2 ** TUNES[tune](t, octaves)) / RATE;
    return Math.sin(phase) * Math.min(1, 40 * t, 40 * (SECONDS - t));
  });
}

// Short-time Fourier transform: magnitudes under Hann windows, rows from low to high pitch, columns in time.
export function spectrogram(wave, window) {
  const hann = Float64Array.from({ length: window }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window));
  const columns = [];
  for (let start = 0; start + window <= wave.length; start += HOP) {
    columns.push(magnitudes(hann.map((weight, i) => weight * wave[start + i])));
  }
  return columns[0].map((_, row) => columns.map((column) => column[row]));
}

// The first half of a discrete Fourier transform, by halving (Cooley and Tukey 1965); the length is a power of 2.
function magnitudes(wave) {
  const [real, imaginary] = transform(wave, new Float64Array(wave.length));
  return Array.from({ length: wave.length / 2 + 1 }, (_, i) => Math.hypot(real[i], imaginary[i]));
}

function transform(real, imaginary) {
  const n = real.length;
  if (n === 1) return [real, imaginary];
  const [evenReal, evenImaginary] = transform(real.filter((_, i) => i % 2 === 0), imaginary.filter((_, i) => i % 2 === 0));
  const [oddReal, oddImaginary] = transform(real.filter((_, i) => i % 2), imaginary.filter((_, i) => i % 2));
  const [outReal, outImaginary] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n / 2; i++) {
    const [cosine, sine] = [Math.cos((2 * Math.PI * i) / n), -Math.sin((2 * Math.PI * i) / n)];
    const turnedReal = cosine * oddReal[i] - sine * oddImaginary[i];
    const turnedImaginary = cosine * oddImaginary[i] + sine * oddReal[i];
    [outReal[i], outImaginary[i]] = [evenReal[i] + turnedReal, evenImaginary[i] + turnedImaginary];
    [outReal[i + n / 2], outImaginary[i + n / 2]] = [evenReal[i] - turnedReal, evenImaginary[i] - turnedImaginary];
  }
  return [outReal, outImaginary];
}

export function play(wave) {
  const context = new AudioContext({ sampleRate: RATE });
  const buffer = context.createBuffer(1, wave.length, RATE);
  buffer.copyToChannel(wave.map((value) => value * 0.3), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.onended = () => context.close();
  source.start();
}
