//! What the window shows of the coach.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What the coach sees of the student in front of the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CoachingView {
    /// It hasn't seen enough yet.
    #[default]
    Looking,
    /// One thing to change.
    Advice {
        /// What.
        advice: AdviceCode,
    },
    /// Everything holds, for less than a second so far.
    Holding,
    /// Everything has held for a second: a shot now would pass.
    Ready,
}

/// The preview with the programme's background behind the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PreviewBackground {
    /// Whether it is drawn.
    pub shown: bool,
    /// Its colour: red, green, blue.
    pub colour: [u8; 3],
}

/// What the student should do next, one thing at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AdviceCode {
    /// Sit in front of the camera.
    StepIn,
    /// Only one person.
    OnlyOne,
    /// Come closer.
    Closer,
    /// Move back.
    Back,
    /// Move to the left of the mirrored preview.
    MoveLeft,
    /// Move to its right.
    MoveRight,
    /// Sit higher.
    MoveUp,
    /// Sit lower.
    MoveDown,
    /// Turn the face to the left of the mirrored preview.
    TurnLeft,
    /// Turn it to its right.
    TurnRight,
    /// Raise the chin.
    ChinUp,
    /// Lower the chin.
    ChinDown,
    /// Hold the head upright.
    LevelHead,
    /// Look at the lens.
    LookHere,
    /// Open the eyes.
    OpenEyes,
    /// Close the mouth.
    CloseMouth,
    /// Brush the hair off brows and eyes.
    HairOffBrows,
    /// Take off the cap.
    TakeOffCap,
    /// Take off the glasses.
    TakeOffGlasses,
    /// Uncover the face.
    UncoverFace,
    /// There is too little light.
    MoreLight,
    /// There is too much light.
    LessLight,
    /// One side of the face is darker.
    EvenLight,
    /// Hold still.
    HoldStill,
}
