/**
 * The page's one clock: lets what plays advance with the animation frames, and asks for none while nothing plays.
 *
 * @typedef {{readonly playing: boolean, advance: (seconds: number) => void}} Player
 */

/** The longest time that one animation frame may stand for: a hidden tab does not leap when it comes back. */
export const LONGEST_FRAME_S = 0.25;

/**
 * @param {Player[]} players
 * @param {(frame: (now: number) => void) => void} nextFrame
 * @returns {() => void} to be called when one of them may have begun to play
 */
export function keepTime(players, nextFrame = (frame) => void requestAnimationFrame(frame)) {
  const playing = () => players.some((player) => player.playing);
  let running = false;
  /** When the last frame was. Frames tell when they were due, which can be before a moment that a clock gave. @type {number | null} */
  let last = null;
  const tick = (/** @type {number} */ now) => {
    running = playing();
    if (!running) {
      last = null;
      return;
    }
    const seconds = Math.min((now - (last ?? now)) / 1000, LONGEST_FRAME_S);
    last = now;
    players.forEach((player) => player.advance(seconds));
    nextFrame(tick);
  };
  return () => {
    if (running || !playing()) return;
    running = true;
    nextFrame(tick);
  };
}
