//! The scenes that a simulated booth plays, and who stands where in them.

use super::cast::Actor;

/// What happens in the simulated booth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scene {
    /// One person, compliant: level, centred, evenly lit.
    #[default]
    Person,
    /// The person has stepped aside: a shoulder is still in the picture, the face is not.
    SteppedOut,
    /// A second person stands behind the first one's shoulder.
    SecondFace,
    /// The light is off.
    Dark,
    /// The head is tilted by [`TILT_DEGREES`].
    Tilted,
    /// The booth with nobody in it.
    Empty,
    /// A white card in the middle, and nobody.
    WhiteCard,
}

/// Roll of the tilted head, its top towards the image's right.
pub(super) const TILT_DEGREES: f32 = 12.0;

impl Scene {
    /// Every scene.
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::SteppedOut,
        Self::SecondFace,
        Self::Dark,
        Self::Tilted,
        Self::Empty,
        Self::WhiteCard,
    ];

    /// The scene's name in settings and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::SteppedOut => "stepped_out",
            Self::SecondFace => "second_face",
            Self::Dark => "dark",
            Self::Tilted => "tilted",
            Self::Empty => "empty",
            Self::WhiteCard => "white_card",
        }
    }

    /// The scene with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.name() == name)
    }
}

/// Where an actor stands, relative to their place in their own picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pose {
    /// Pixels to the right.
    pub(super) dx: f32,
    /// Pixels down.
    pub(super) dy: f32,
    /// Size relative to the picture's.
    pub(super) scale: f32,
    /// Degrees about the neck, the head's top towards the image's right.
    pub(super) roll: f32,
}

impl Pose {
    pub(super) const HOME: Self = Self { dx: 0.0, dy: 0.0, scale: 1.0, roll: 0.0 };
}

/// What hangs behind the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Curtain {
    /// The blue cloth.
    #[default]
    Blue,
    /// The same cloth in grey.
    Grey,
    /// The same cloth in white.
    White,
}

/// What the composer needs: the actors from back to front, the light, the camera.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Staging {
    pub(super) actors: Vec<(Actor, Pose)>,
    pub(super) curtain: Curtain,
    /// Factor on linear light.
    pub(super) light: f32,
    /// How much more light falls on the people's right cheek in the picture, and how much less on the left: -1 to 1.
    pub(super) side_light: f32,
    /// What the sensor makes of linear red, green and blue.
    pub(super) gains: [f32; 3],
    /// A white card before the people, as staff hold one up for the calibration.
    pub(super) card: bool,
    /// Standard deviation of the sensor's noise, in 8-bit code values.
    pub(super) noise: f32,
    /// Pixels to either side over which motion smears the picture.
    pub(super) blur: u32,
    /// How many pixels everything has moved to the right and down, because the camera was knocked.
    pub(super) shift: (i32, i32),
    /// How far the people sway to either side, in pixels.
    pub(super) sway: f32,
}

impl Default for Staging {
    /// The empty booth in its usual light; whoever is put into it stands nearly still.
    fn default() -> Self {
        Self {
            actors: Vec::new(),
            curtain: Curtain::Blue,
            light: 1.0,
            side_light: 0.0,
            gains: [1.0; 3],
            card: false,
            noise: 1.5,
            blur: 0,
            shift: (0, 0),
            sway: SWAY,
        }
    }
}

/// Nobody stands quite still: pixels to either side.
pub(super) const SWAY: f32 = 3.0;

impl Scene {
    pub(super) fn staging(self) -> Staging {
        let student = |pose| vec![(Actor::Student, pose)];
        let actors = match self {
            Self::Person | Self::Dark => student(Pose::HOME),
            // The head is 240 pixels wide: at 800 to the right it is out of the picture, the near shoulder is not.
            Self::SteppedOut => student(Pose { dx: 800.0, ..Pose::HOME }),
            Self::SecondFace => vec![
                (Actor::Friend, Pose { dx: -320.0, dy: 10.0, scale: 0.9, ..Pose::HOME }),
                (Actor::Student, Pose { dx: 90.0, ..Pose::HOME }),
            ],
            Self::Tilted => student(Pose { roll: TILT_DEGREES, ..Pose::HOME }),
            Self::Empty | Self::WhiteCard => Vec::new(),
        };
        // A lamp that is off leaves about a twentieth of the light; the sensor then turns its gain up.
        let (light, noise) = if self == Self::Dark { (0.05, 3.0) } else { (1.0, 1.5) };
        Staging { actors, light, noise, card: self == Self::WhiteCard, ..Staging::default() }
    }
}

/// Where an actor is after `turn` (0 to 1) of the loop, swaying by `width` pixels. It ends where it began.
pub(super) fn sway(pose: Pose, turn: f32, width: f32) -> Pose {
    let angle = turn * std::f32::consts::TAU;
    Pose { dx: pose.dx + width * angle.sin(), dy: pose.dy + width / 3.0 * (2.0 * angle).sin(), ..pose }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_scenes() {
        for scene in Scene::ALL {
            assert_eq!(Scene::by_name(scene.name()), Some(scene));
        }
        assert_eq!(Scene::by_name("nobody"), None);
    }

    #[test]
    fn the_loop_closes() {
        let (start, end) = (sway(Pose::HOME, 0.0, SWAY), sway(Pose::HOME, 1.0, SWAY));
        assert!((start.dx - end.dx).abs() < 0.001 && (start.dy - end.dy).abs() < 0.001);
    }
}
