/** Two rising notes, in hertz and seconds. */
const notes = [
  { pitch: 660, at: 0 },
  { pitch: 880, at: 0.25 },
] as const;
const length = 0.22;

let audio: AudioContext | undefined;

/** A short sound, made here so that there is nothing to load. Browsers let it sound once the person has pressed something on the page. */
export function chime(): void {
  audio ??= new AudioContext();
  void audio.resume();
  for (const { pitch, at } of notes) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + at;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + length);
  }
}
