//! Draws the loop of a scene or of a script's step once, in a thread of its own, and keeps it as JPEG: showing a frame
//! then costs nothing.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::{Condvar, Mutex};

use super::cast::Cast;
use super::compose;
use super::dials::Sensitivity;
use super::layers::Backdrop;
use super::scene::{Scene, Staging, sway};
use super::script::{Script, Step};
use crate::jpeg;

/// Frames in a loop: 1.2 s, about 7 MB.
const LOOP: usize = 36;

/// What is played.
#[derive(Debug, Clone)]
pub(super) enum Play {
    /// One scene, for ever.
    Scene(Scene),
    /// A script's step, by its place from 0. The number tells one performance from another.
    Step { script: Arc<Script>, performance: u64, index: usize },
}

impl Default for Play {
    fn default() -> Self {
        Self::Scene(Scene::default())
    }
}

/// Which loop: a scene's, or that of a step of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Scene(Scene),
    Step { performance: u64, index: usize },
}

impl Play {
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Scene(scene) => Key::Scene(*scene),
            Self::Step { performance, index, .. } => Key::Step { performance: *performance, index: *index },
        }
    }

    fn staging(&self) -> Staging {
        match self {
            Self::Scene(scene) => scene.staging(),
            Self::Step { .. } => self.step().map(|step| step.staging.clone()).unwrap_or_default(),
        }
    }

    /// The script's step.
    pub(super) fn step(&self) -> Option<&Step> {
        match self {
            Self::Scene(_) => None,
            Self::Step { script, index, .. } => script.steps().get(*index),
        }
    }

    /// What comes after it: the next step.
    pub(super) fn next(&self) -> Option<Self> {
        match self {
            Self::Step { script, performance, index } if index + 1 < script.steps().len() => {
                Some(Self::Step { script: script.clone(), performance: *performance, index: index + 1 })
            }
            Self::Scene(_) | Self::Step { .. } => None,
        }
    }
}

/// The loops as far as they are drawn, and the thread that draws them.
pub(super) struct Studio {
    shared: Arc<Shared>,
    shown: Option<LoopKey>,
}

/// Which loop, and what the sensor made of its light.
type LoopKey = (Key, Sensitivity);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    wanted: Play,
    sensitivity: Sensitivity,
    closed: bool,
    loops: HashMap<LoopKey, Vec<Bytes>>,
}

impl Studio {
    /// Begins to draw this; its first frame is there within a second.
    ///
    /// # Errors
    /// The operating system's, where it grants no thread.
    pub(super) fn start(play: Play) -> std::io::Result<Self> {
        let state =
            State { wanted: play, sensitivity: Sensitivity::default(), closed: false, loops: HashMap::new() };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let painter = shared.clone();
        std::thread::Builder::new().name("camera-studio".into()).spawn(move || paint(&painter))?;
        Ok(Self { shared, shown: None })
    }

    /// The frame to show at this tick, with what it shows: that which is asked for, or the one before while the first
    /// frame of a new one is being drawn. None before the very first frame, and before the first one after a change of
    /// the sensor's settings: who has set something must not be shown a picture of before.
    pub(super) fn frame(&mut self, play: &Play, sensitivity: Sensitivity, tick: u64) -> Option<(Key, Bytes)> {
        let mut state = self.shared.state.lock();
        let key = (play.key(), sensitivity);
        if (state.wanted.key(), state.sensitivity) != key {
            state.wanted = play.clone();
            state.sensitivity = sensitivity;
            state.forget(self.shown);
            self.shared.changed.notify_all();
        }
        let drawn = |key: LoopKey| state.loops.get(&key).filter(|frames| !frames.is_empty());
        let (shown, frames) = match drawn(key) {
            Some(frames) => (key, frames),
            None => {
                let before = self.shown.filter(|(_, then)| *then == sensitivity)?;
                (before, drawn(before)?)
            }
        };
        self.shown = Some(shown);
        Some((shown.0, frames.get(place(tick, frames.len()))?.clone()))
    }
}

impl State {
    /// Lets go of the steps that are over: a long script would fill the memory. The scenes are few, and stay.
    fn forget(&mut self, shown: Option<LoopKey>) {
        let keep =
            [Some(self.wanted.key()), self.wanted.next().map(|next| next.key()), shown.map(|(key, _)| key)];
        let keep = |key: &Key| matches!(key, Key::Scene(_)) || keep.contains(&Some(*key));
        self.loops.retain(|(key, sensitivity), _| *sensitivity == self.sensitivity && keep(key));
    }

    /// What to draw next: what is wanted until its loop is whole, then what comes after it.
    fn unfinished(&self) -> Option<(Play, usize)> {
        let drawn = |play: &Play| self.loops.get(&(play.key(), self.sensitivity)).map_or(0, Vec::len);
        let plays = [Some(self.wanted.clone()), self.wanted.next()].into_iter().flatten();
        plays
            .map(|play| (drawn(&play), play))
            .find(|(drawn, _)| *drawn < LOOP)
            .map(|(drawn, play)| (play, drawn))
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

/// The drawing thread: always what is wanted now, until its loop is whole.
fn paint(shared: &Shared) {
    let painted = Backdrop::load().and_then(|backdrop| {
        let mut cast = Cast::default();
        while let Some((play, sensitivity, index)) = next(shared) {
            let staging = Staging { gains: sensitivity.gains(), ..play.staging() };
            cast.call(staging.actors.iter().map(|(actor, _)| *actor))?;
            let Some(frame) = frame(&backdrop, &cast, &staging, index) else { return Ok(()) };
            shared.state.lock().loops.entry((play.key(), sensitivity)).or_default().push(frame);
        }
        Ok(())
    });
    if let Err(kind) = painted {
        tracing::error!(%kind, "the sample pictures in this program are damaged");
    }
}

/// Waits for something to draw; none when the studio is closed.
fn next(shared: &Shared) -> Option<(Play, Sensitivity, usize)> {
    let mut state = shared.state.lock();
    loop {
        if state.closed {
            return None;
        }
        if let Some((play, drawn)) = state.unfinished() {
            return Some((play, state.sensitivity, drawn));
        }
        shared.changed.wait(&mut state);
    }
}

fn frame(backdrop: &Backdrop, cast: &Cast, staging: &Staging, index: usize) -> Option<Bytes> {
    let turn = index as f32 / LOOP as f32;
    let actors =
        staging.actors.iter().map(|&(actor, pose)| (actor, sway(pose, turn, staging.sway))).collect();
    let picture = compose::draw(backdrop, cast, &Staging { actors, ..*staging }, index as u64 + 1);
    jpeg::encode(&picture, jpeg::FRAME_QUALITY)
        .inspect_err(|error| tracing::error!(%error, "a simulated frame could not be encoded"))
        .ok()
        .map(Bytes::from)
}

#[cfg(test)]
pub(super) fn still(turn: f32, light: f32) -> Bytes {
    let backdrop = Backdrop::load().expect("the sample pictures are whole");
    let mut cast = Cast::default();
    let staging = Staging { light, ..Scene::Person.staging() };
    cast.call(staging.actors.iter().map(|(actor, _)| *actor)).expect("the sample pictures are whole");
    frame(&backdrop, &cast, &staging, (turn * LOOP as f32) as usize).expect("a frame")
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

    #[test]
    fn the_next_step_is_drawn_ahead_and_the_last_one_forgotten() {
        let text = "[[step]]\nname = 'a'\nseconds = 1\n".repeat(4);
        let script = Arc::new(Script::parse(&text).expect("a script"));
        let step = |index| Play::Step { script: script.clone(), performance: 1, index };
        let usual = Sensitivity::default();
        let mut state = State { wanted: step(1), sensitivity: usual, closed: false, loops: HashMap::new() };
        let next = |state: &State| state.unfinished().map(|(play, drawn)| (play.key(), drawn));
        assert_eq!(next(&state), Some((step(1).key(), 0)), "what is wanted comes first");
        state.loops.insert((step(1).key(), usual), vec![Bytes::new(); LOOP]);
        state.loops.insert((step(2).key(), usual), vec![Bytes::new(); 3]);
        assert_eq!(next(&state), Some((step(2).key(), 3)));
        state.wanted = step(2);
        state.forget(Some((step(1).key(), usual)));
        assert_eq!(state.loops.len(), 2, "what is still shown is kept");
        state.wanted = step(3);
        state.forget(Some((step(2).key(), usual)));
        assert!(!state.loops.contains_key(&(step(1).key(), usual)));
    }
}
