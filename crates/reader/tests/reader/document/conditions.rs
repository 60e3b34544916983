//! The ways in which documents are shown, and what came of them.

use std::time::{Duration, Instant};

use image::RgbImage;
use reader::document::{Reader, Seen, Sighting, Votes};

use super::camera::{Pose, shoot};
use super::truth::Truth;

/// Each way with its name, worse and worse within a kind.
pub fn all() -> Vec<(&'static str, Pose)> {
    let good = Pose::GOOD;
    vec![
        ("held well", good),
        ("tilted 10", Pose { yaw: 10.0, pitch: 8.0, roll: 4.0, ..good }),
        ("tilted 18", Pose { yaw: -18.0, pitch: 10.0, roll: -8.0, ..good }),
        ("tilted 25", Pose { yaw: 25.0, pitch: -12.0, roll: 12.0, ..good }),
        ("upside down", Pose { roll: 178.0, ..good }),
        ("width 80 %", Pose { share: 0.8, ..good }),
        ("width 50 %", Pose { share: 0.5, ..good }),
        ("width 42 %", Pose { share: 0.42, ..good }),
        ("width 35 %", Pose { share: 0.35, ..good }),
        ("blur 1.2", Pose { blur: 1.2, ..good }),
        ("blur 1.8", Pose { blur: 1.8, ..good }),
        ("blur 2.5", Pose { blur: 2.5, ..good }),
        ("smear 5", Pose { smear: 5, ..good }),
        ("smear 9", Pose { smear: 9, ..good }),
        ("noise 10", Pose { noise: 10.0, ..good }),
        ("noise 18", Pose { noise: 18.0, ..good }),
        ("light 40 %", Pose { light: 0.4, noise: 5.0, ..good }),
        ("light 20 %", Pose { light: 0.2, noise: 7.0, ..good }),
        ("glare 8 %", Pose { glare: 0.08, ..good }),
        ("glare 15 %", Pose { glare: 0.15, ..good }),
        ("JPEG 50", Pose { quality: 50, ..good }),
        ("JPEG 30", Pose { quality: 30, ..good }),
        (
            "bad in all",
            Pose {
                share: 0.5,
                yaw: 12.0,
                pitch: -10.0,
                roll: 6.0,
                blur: 1.2,
                noise: 8.0,
                light: 0.5,
                quality: 60,
                ..good
            },
        ),
    ]
}

/// How many pictures one show has at most; it ends when they agree.
pub const LOOKS: u64 = 5;

/// What came of showing documents in one way.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub shows: u32,
    pub looks: u32,
    /// Looks with the right number, with a wrong one, and with a wrong name beside the right number.
    pub right: u32,
    pub wrong: u32,
    pub wrong_names: u32,
    /// Shows whose votes agreed on the right number, with the right name, and on anything wrong.
    pub agreed: u32,
    pub named: u32,
    pub agreed_wrong: u32,
    pub named_wrong: u32,
    pub time: Duration,
}

impl Tally {
    pub const HEAD: &str = "way            | a look: right  wrong  wrong name | a show: agreed  named  wrong  wrong name | ms a look";

    /// Shows one document until the votes agree: pictures that differ a little each.
    pub fn add(
        &mut self,
        reader: &Reader,
        scene: &RgbImage,
        picture: &RgbImage,
        truth: &Truth,
        pose: Pose,
        verbose: bool,
    ) {
        let mut votes = Votes::new();
        let known = truth.document();
        for look in 0..LOOKS {
            let sway = look as f32 - 1.5;
            let pose = Pose {
                yaw: pose.yaw + sway,
                roll: pose.roll - 0.7 * sway,
                seed: pose.seed + 31 * look,
                ..pose
            };
            let frame = shoot(picture, scene, pose);
            let start = Instant::now();
            let sighting = reader.look(&frame).unwrap();
            self.time += start.elapsed();
            self.looks += 1;
            if let Sighting::Seen(seen) = &sighting {
                self.right += u32::from(seen.document == known);
                self.wrong += u32::from(seen.document != known);
                self.wrong_names += u32::from(named_wrong(seen, truth));
            }
            if verbose {
                println!("{:20} {}", truth.file, tell(&sighting));
            }
            votes.add(sighting);
            if votes.agreed().is_some() {
                break;
            }
        }
        self.shows += 1;
        if let Some(seen) = votes.agreed() {
            self.agreed += u32::from(seen.document == known);
            self.agreed_wrong += u32::from(seen.document != known);
            self.named_wrong += u32::from(named_wrong(seen, truth));
            self.named += u32::from(named_right(seen, truth));
        }
    }

    pub fn row(&self, name: &str) -> String {
        let share =
            |part: u32, all: u32| format!("{:3.0} %", 100.0 * f64::from(part) / f64::from(all.max(1)));
        format!(
            "{name:14} |        {}    {:3}         {:3} |          {}  {}    {:3}         {:3} | {:6.0}",
            share(self.right, self.looks),
            self.wrong,
            self.wrong_names,
            share(self.agreed, self.shows),
            share(self.named, self.shows),
            self.agreed_wrong,
            self.named_wrong,
            self.time.as_secs_f64() * 1e3 / f64::from(self.looks.max(1)),
        )
    }
}

/// The sample's invented people may be printed.
fn tell(sighting: &Sighting) -> String {
    match sighting {
        Sighting::Missed(advice) => format!("{advice:?}"),
        Sighting::Seen(seen) => {
            let name = |name: &Option<domain::person_name::PersonName>| {
                name.as_ref().map_or("-".to_owned(), |name| name.as_str().to_owned())
            };
            format!(
                "{} {} {} {:?}",
                seen.document.as_str(),
                name(&seen.name),
                name(&seen.latin_name),
                seen.source
            )
        }
    }
}

fn named_right(seen: &Seen, truth: &Truth) -> bool {
    let same = |name: &Option<domain::person_name::PersonName>, known: &Option<String>| {
        name.as_ref().map(|name| name.as_str()) == known.as_deref()
    };
    same(&seen.name, &truth.name) && same(&seen.latin_name, &truth.latin_name)
}

fn named_wrong(seen: &Seen, truth: &Truth) -> bool {
    let other = |name: &Option<domain::person_name::PersonName>, known: &Option<String>| {
        name.as_ref().is_some_and(|name| Some(name.as_str()) != known.as_deref())
    };
    other(&seen.name, &truth.name) || other(&seen.latin_name, &truth.latin_name)
}
