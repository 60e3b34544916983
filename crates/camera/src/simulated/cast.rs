//! Who can stand in a simulated booth, with the pictures that are part of the program.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Deserialize;

use super::layers::Person;
use crate::fault::BadFrame;

/// Somebody, by what there is to say about them. Left and right are the picture's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Actor {
    /// Compliant; the same person has closed eyes, a lifted chin and light from one side.
    Student,
    /// Compliant, with a fringe; the same person has an open mouth.
    Friend,
    EyesClosed,
    ChinUp,
    ChinDown,
    /// Lit from one side.
    OneSided,
    TurnedLeft,
    TurnedRight,
    MouthOpen,
    HairOverEyes,
    Sunglasses,
}

macro_rules! sample {
    ($name:literal) => {
        (
            include_bytes!(concat!("../../../../assets/sample/", $name, "_foreground.jpg")),
            include_bytes!(concat!("../../../../assets/sample/", $name, "_alpha.png")),
        )
    };
}

impl Actor {
    /// The foreground's and the alpha's bytes.
    fn pictures(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Self::Student => sample!("student"),
            Self::Friend => sample!("friend"),
            Self::EyesClosed => sample!("cast/eyes_closed"),
            Self::ChinUp => sample!("cast/chin_up"),
            Self::ChinDown => sample!("cast/chin_down"),
            Self::OneSided => sample!("cast/one_sided"),
            Self::TurnedLeft => sample!("cast/turned_left"),
            Self::TurnedRight => sample!("cast/turned_right"),
            Self::MouthOpen => sample!("cast/mouth_open"),
            Self::HairOverEyes => sample!("cast/hair_over_eyes"),
            Self::Sunglasses => sample!("cast/sunglasses"),
        }
    }
}

/// Those who have been on stage: a person's picture is decoded, in some 25 ms, when they first appear.
#[derive(Default)]
pub(super) struct Cast {
    people: HashMap<Actor, Person>,
}

impl Cast {
    /// Sees to it that these people can be drawn.
    ///
    /// # Errors
    /// [`BadFrame`] where a picture is none: the program was built from damaged files.
    pub(super) fn call(&mut self, actors: impl IntoIterator<Item = Actor>) -> Result<(), BadFrame> {
        for actor in actors {
            if let Entry::Vacant(place) = self.people.entry(actor) {
                let (foreground, alpha) = actor.pictures();
                place.insert(Person::read(foreground, alpha)?);
            }
        }
        Ok(())
    }

    /// A person who was called.
    pub(super) fn get(&self, actor: Actor) -> Option<&Person> {
        self.people.get(&actor)
    }
}
