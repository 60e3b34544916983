//! A choreography for the simulated booth, written as TOML: who stands where, in what light, for how long.
//!
//! The text is checked here, once: a [`Script`] can be played whatever was in the file. Left out on purpose: speech,
//! reactions to what the student's screen says, and movement between two steps; a step is a pose with a slight sway.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::cast::Actor;
use super::scene::{Curtain, Pose, SWAY, Staging};

/// The longest text, in bytes.
pub const SCRIPT_BYTES: u64 = 64 << 10;
/// The most steps.
pub const SCRIPT_STEPS: usize = 100;
/// The most people in one step: drawing each costs some 10 ms a frame.
const PEOPLE: usize = 4;

/// Steps that a simulated booth plays one after the other; the last one stays.
///
/// ```
/// let script = camera::Script::parse(r#"
///     [[step]]
///     name = "nobody"
///     seconds = 2
///
///     [[step]]
///     name = "too far"
///     seconds = 3
///     people = [{ who = "student", scale = 0.62 }]
/// "#)?;
/// assert_eq!(script.steps()[1].name, "too far");
/// # Ok::<(), camera::ScriptError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    steps: Vec<Step>,
}

/// One step of a script.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it shows, in the script's own words.
    pub name: String,
    /// How long it is shown before the next one.
    pub duration: Duration,
    pub(super) staging: Staging,
}

/// A script that can't be played.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The file can't be read.
    #[error("the script {} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Longer than [`SCRIPT_BYTES`].
    #[error("the script is longer than {SCRIPT_BYTES} bytes")]
    TooLong,
    /// No TOML, or no script.
    #[error("the script is not valid")]
    Parse(#[source] Box<toml::de::Error>),
    /// No steps, or more than [`SCRIPT_STEPS`].
    #[error("a script has 1 to {SCRIPT_STEPS} steps, not {0}")]
    Steps(usize),
    /// A value is outside its limits.
    #[error("step {step}: {field} must be {rule}")]
    OutOfRange {
        /// Which step, from 1.
        step: usize,
        /// Which of its values.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl Script {
    /// Reads a script file.
    ///
    /// # Errors
    /// [`ScriptError`] for a file that can't be read, is too long, or holds no script.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let failed = |source| ScriptError::Read { path: path.to_owned(), source };
        if std::fs::metadata(path).map_err(failed)?.len() > SCRIPT_BYTES {
            return Err(ScriptError::TooLong);
        }
        Self::parse(&std::fs::read_to_string(path).map_err(failed)?)
    }

    /// Checks a script's text.
    ///
    /// # Errors
    /// [`ScriptError`] for what is no script or leaves its limits.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        if text.len() as u64 > SCRIPT_BYTES {
            return Err(ScriptError::TooLong);
        }
        let written: Written = toml::from_str(text).map_err(|error| ScriptError::Parse(Box::new(error)))?;
        if !(1..=SCRIPT_STEPS).contains(&written.step.len()) {
            return Err(ScriptError::Steps(written.step.len()));
        }
        let steps = written.step.into_iter().enumerate().map(|(index, step)| step.checked(index + 1));
        Ok(Self { steps: steps.collect::<Result<_, _>>()? })
    }

    /// The steps in their order; at least one.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    step: Vec<WrittenStep>,
}

/// A step as the file says it; `name` and `seconds` must be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    name: String,
    seconds: f64,
    /// From back to front; none is an empty booth.
    #[serde(default)]
    people: Vec<WrittenPerson>,
    /// `blue`, `grey` or `white`.
    #[serde(default)]
    backdrop: Curtain,
    /// Factor on all light: 1 as usual, 0.5 a stop darker.
    #[serde(default = "one")]
    light: f32,
    /// Light from one side on the people: 0.9 leaves a tenth on the cheek at the picture's left, -0.9 at its right.
    #[serde(default)]
    side_light: f32,
    /// A white card in the middle of the frame, before everybody.
    #[serde(default)]
    card: bool,
    /// Pixels to either side over which motion smears the frame.
    #[serde(default)]
    blur: f32,
    /// Pixels to either side by which people sway, once in 1.2 s: 3 as usual.
    #[serde(default = "usual_sway")]
    sway: f32,
    /// Pixels to the right and down by which everything has moved, as after a knock against the camera.
    #[serde(default)]
    shift: [f32; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPerson {
    /// `student`, `friend`, `eyes_closed`, ...: the names of [`Actor`].
    who: Actor,
    /// Pixels to the right of the place where a compliant person sits.
    #[serde(default)]
    x: f32,
    /// Pixels below it.
    #[serde(default)]
    y: f32,
    /// Size: 1 as a compliant person, less is farther away.
    #[serde(default = "one")]
    scale: f32,
    /// Degrees about the neck, the head's top towards the picture's right.
    #[serde(default)]
    tilt: f32,
}

fn one() -> f32 {
    1.0
}

fn usual_sway() -> f32 {
    SWAY
}

impl WrittenStep {
    fn checked(self, step: usize) -> Result<Step, ScriptError> {
        let limit = |field, rule, value: f32, least: f32, most: f32| {
            // Not a number is in no range.
            let inside = (least..=most).contains(&value);
            if inside { Ok(value) } else { Err(ScriptError::OutOfRange { step, field, rule }) }
        };
        if self.people.len() > PEOPLE {
            return Err(ScriptError::OutOfRange { step, field: "people", rule: "at most 4" });
        }
        let seconds = limit("seconds", "0.1 to 3600", self.seconds as f32, 0.1, 3600.0)?;
        let mut actors = Vec::with_capacity(self.people.len());
        for person in &self.people {
            let dx = limit("x", "-2000 to 2000 pixels", person.x, -2000.0, 2000.0)?;
            let dy = limit("y", "-2000 to 2000 pixels", person.y, -2000.0, 2000.0)?;
            let scale = limit("scale", "0.2 to 3", person.scale, 0.2, 3.0)?;
            let roll = limit("tilt", "-90 to 90 degrees", person.tilt, -90.0, 90.0)?;
            actors.push((person.who, Pose { dx, dy, scale, roll }));
        }
        let [right, down] = self.shift;
        let right = limit("shift", "-200 to 200 pixels", right, -200.0, 200.0)?.round() as i32;
        let down = limit("shift", "-200 to 200 pixels", down, -200.0, 200.0)?.round() as i32;
        let light = limit("light", "0 to 4", self.light, 0.0, 4.0)?;
        let staging = Staging {
            actors,
            curtain: self.backdrop,
            light,
            side_light: limit("side_light", "-1 to 1", self.side_light, -1.0, 1.0)?,
            gains: [1.0; 3],
            card: self.card,
            noise: noise(light),
            blur: limit("blur", "0 to 100 pixels", self.blur, 0.0, 100.0)?.round() as u32,
            shift: (right, down),
            sway: limit("sway", "0 to 200 pixels", self.sway, 0.0, 200.0)?,
        };
        Ok(Step { name: self.name, duration: Duration::from_secs_f32(seconds), staging })
    }
}

/// A sensor's noise in this light, in 8-bit code values: twice as much when a twentieth of the light is left and the
/// gain goes up.
fn noise(light: f32) -> f32 {
    1.5 * (1.0 + (1.0 - light).max(0.0) / 0.95)
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
