//! The scenes that a simulated booth plays, and who stands where in them.

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
}

/// Roll of the tilted head, its top towards the image's right.
pub(super) const TILT_DEGREES: f32 = 12.0;

impl Scene {
    /// Every scene.
    pub const ALL: [Self; 6] =
        [Self::Person, Self::SteppedOut, Self::SecondFace, Self::Dark, Self::Tilted, Self::Empty];

    /// The scene's name in settings and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::SteppedOut => "stepped_out",
            Self::SecondFace => "second_face",
            Self::Dark => "dark",
            Self::Tilted => "tilted",
            Self::Empty => "empty",
        }
    }

    /// The scene with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.name() == name)
    }
}

/// Who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actor {
    Student,
    Friend,
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
    const HOME: Self = Self { dx: 0.0, dy: 0.0, scale: 1.0, roll: 0.0 };
}

/// A scene as the composer needs it: the actors from back to front, and the light.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Staging {
    pub(super) actors: Vec<(Actor, Pose)>,
    /// Factor on linear light.
    pub(super) light: f32,
    /// Standard deviation of the sensor's noise, in 8-bit code values.
    pub(super) noise: f32,
}

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
            Self::Empty => Vec::new(),
        };
        // A lamp that is off leaves about a twentieth of the light; the sensor then turns its gain up.
        let (light, noise) = if self == Self::Dark { (0.05, 3.0) } else { (1.0, 1.5) };
        Staging { actors, light, noise }
    }
}

/// Where an actor is after `turn` (0 to 1) of the loop: nobody stands quite still. It ends where it began.
pub(super) fn sway(pose: Pose, turn: f32) -> Pose {
    let angle = turn * std::f32::consts::TAU;
    Pose { dx: pose.dx + 3.0 * angle.sin(), dy: pose.dy + 1.0 * (2.0 * angle).sin(), ..pose }
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
        let (start, end) = (sway(Pose::HOME, 0.0), sway(Pose::HOME, 1.0));
        assert!((start.dx - end.dx).abs() < 0.001 && (start.dy - end.dy).abs() < 0.001);
    }
}
