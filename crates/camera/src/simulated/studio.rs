//! Draws each scene's loop once, in a thread of its own, and keeps it as JPEG: showing a frame then costs nothing.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::{Condvar, Mutex};

use super::compose;
use super::layers::Layers;
use super::scene::{Scene, Staging, sway};
use crate::jpeg;

/// Frames in a loop: 1.2 s, about 7 MB.
const LOOP: usize = 36;

/// The loops as far as they are drawn, and the thread that draws them.
pub(super) struct Studio {
    shared: Arc<Shared>,
    shown: Option<Scene>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    wanted: Scene,
    closed: bool,
    loops: HashMap<Scene, Vec<Bytes>>,
}

impl Studio {
    /// Begins to draw this scene; its first frame is there within a second.
    ///
    /// # Errors
    /// The operating system's, where it grants no thread.
    pub(super) fn start(scene: Scene) -> std::io::Result<Self> {
        let state = State { wanted: scene, closed: false, loops: HashMap::new() };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let painter = shared.clone();
        std::thread::Builder::new().name("camera-studio".into()).spawn(move || paint(&painter))?;
        Ok(Self { shared, shown: None })
    }

    /// The frame to show at this tick, with the scene that it shows: the one asked for, or the one before while the
    /// first frame of a new scene is being drawn. None before the very first frame.
    pub(super) fn frame(&mut self, scene: Scene, tick: u64) -> Option<(Scene, Bytes)> {
        let mut state = self.shared.state.lock();
        if state.wanted != scene {
            state.wanted = scene;
            self.shared.changed.notify_all();
        }
        let drawn = |scene: Scene| state.loops.get(&scene).filter(|frames| !frames.is_empty());
        let (shown, frames) = match drawn(scene) {
            Some(frames) => (scene, frames),
            None => {
                let before = self.shown?;
                (before, drawn(before)?)
            }
        };
        self.shown = Some(shown);
        Some((shown, frames.get(place(tick, frames.len()))?.clone()))
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        self.shared.state.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

/// Which frame to show: round and round once the loop is whole, to and fro while it is not.
fn place(tick: u64, drawn: usize) -> usize {
    if drawn == LOOP {
        return (tick % LOOP as u64) as usize;
    }
    let last = drawn.saturating_sub(1);
    let round = (tick % (2 * last as u64).max(1)) as usize;
    if round <= last { round } else { 2 * last - round }
}

/// The drawing thread: always the scene that is wanted now, until its loop is whole.
fn paint(shared: &Shared) {
    let layers = match Layers::load() {
        Ok(layers) => layers,
        Err(kind) => {
            tracing::error!(%kind, "the sample pictures in this program are damaged");
            return;
        }
    };
    while let Some((scene, index)) = next(shared) {
        let Some(frame) = frame(&layers, &scene.staging(), index) else { return };
        shared.state.lock().loops.entry(scene).or_default().push(frame);
    }
}

/// Waits for something to draw; none when the studio is closed.
fn next(shared: &Shared) -> Option<(Scene, usize)> {
    let mut state = shared.state.lock();
    loop {
        if state.closed {
            return None;
        }
        let drawn = state.loops.get(&state.wanted).map_or(0, Vec::len);
        if drawn < LOOP {
            return Some((state.wanted, drawn));
        }
        shared.changed.wait(&mut state);
    }
}

fn frame(layers: &Layers, staging: &Staging, index: usize) -> Option<Bytes> {
    let turn = index as f32 / LOOP as f32;
    let actors = staging.actors.iter().map(|&(actor, pose)| (actor, sway(pose, turn))).collect();
    let picture = compose::draw(layers, &Staging { actors, ..*staging }, index as u64 + 1);
    jpeg::encode(&picture, jpeg::FRAME_QUALITY)
        .inspect_err(|error| tracing::error!(%error, "a simulated frame could not be encoded"))
        .ok()
        .map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_loop_goes_to_and_fro_and_a_whole_one_round() {
        let shown = |drawn| (0..7).map(|tick| place(tick, drawn)).collect::<Vec<_>>();
        assert_eq!(shown(1), [0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(shown(3), [0, 1, 2, 1, 0, 1, 2]);
        assert_eq!(place(LOOP as u64 + 1, LOOP), 1);
    }
}
