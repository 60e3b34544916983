//! `boothctl photo`: official photos from picture files.
//!
//! Each picture is answered by itself: the file, or the reasons. Whatever is wrong with one, the others are still done.

mod answer;
mod names;
mod picture;
mod specification;

use crate::failure::Failure;
use crate::{Outcome, files, output};
use answer::Answer;
pub use answer::{Refusal, matte_source, verdict};
use booth::Places;
use names::Names;
pub use picture::photo_of;
use portrait::{Backdrop, BackdropError, Frame, Models, Rgb};
pub use specification::{find as find_specification, names as specification_names};
use std::path::{Path, PathBuf};

/// Make official photos from pictures; the reasons for those that do not pass.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The pictures: JPEG or PNG, one person each.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// The specification: a name such as `degree`, or the path of a .toml file.
    #[arg(long, value_name = "NAME|FILE.toml")]
    spec: String,
    /// The folder for the photos; it is made if there is none.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Another background than the specification's, sRGB.
    #[arg(long, value_name = "R,G,B", value_parser = colour)]
    background: Option<Rgb>,
    /// The empty booth by the same camera, for a better contour: a picture, or a stored backdrop.
    #[arg(long, value_name = "EMPTY")]
    backdrop: Option<PathBuf>,
    /// Also write each photo's cut-out as NAME_alpha.png: the source's size, 16-bit grey, white is the person.
    #[arg(long)]
    matte: bool,
    /// Print a line of JSON a picture.
    #[arg(long)]
    json: bool,
}

/// Everything that all pictures share.
pub struct Workshop {
    /// What the photos must be.
    pub spec: portrait::Specification,
    models: Models,
    background: Option<Rgb>,
    backdrop: Option<Backdrop>,
}

/// Does the command.
///
/// # Errors
/// [`Failure`] before the first picture, if specification, models, backdrop or folder can't be used.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let (background, backdrop) = (arguments.background, arguments.backdrop.as_deref());
    let workshop = Workshop::open(&arguments.spec, background, backdrop)?;
    let write = |source| Failure::Write { path: arguments.out.clone(), source };
    std::fs::create_dir_all(&arguments.out).map_err(write)?;
    let mut names = Names::new(&arguments.out, &arguments.inputs);
    let mut outcome = Outcome::Well;
    for input in &arguments.inputs {
        let answer = Answer::new(input, picture::make(input, &workshop, arguments.matte, &mut names));
        output::line(&if arguments.json { answer.json()? } else { answer.text() })?;
        outcome = outcome.and(if answer.is_accepted() { Outcome::Well } else { Outcome::Faulty });
    }
    Ok(outcome)
}

impl Workshop {
    /// Loads the specification of this name or file, the models, and the picture of the empty booth.
    ///
    /// # Errors
    /// [`Failure`], whichever can't be used.
    pub fn open(spec: &str, background: Option<Rgb>, empty: Option<&Path>) -> Result<Self, Failure> {
        let places = Places::from_environment()?;
        let models = Models::load(&places.models)?;
        Ok(Self {
            spec: find_specification(spec, &places.assets)?,
            backdrop: empty.map(|path| backdrop(path, &models)).transpose()?,
            models,
            background,
        })
    }

    /// Takes another picture of the empty booth, or none.
    ///
    /// # Errors
    /// [`Failure`] if it can't be used; there is none then.
    pub fn change_backdrop(&mut self, empty: Option<&Path>) -> Result<(), Failure> {
        self.backdrop = None;
        self.backdrop = empty.map(|path| backdrop(path, &self.models)).transpose()?;
        Ok(())
    }
}

/// A stored backdrop, or one learned from a single picture.
fn backdrop(path: &Path, models: &Models) -> Result<Backdrop, Failure> {
    let bytes = files::read(path).map_err(|source| Failure::Read { path: path.into(), source })?;
    let failed = |source| Failure::Backdrop { path: path.into(), source };
    match Backdrop::from_png(&bytes) {
        Err(BackdropError::Foreign) => {}
        read => return read.map_err(failed),
    }
    let picture = Frame::decode(&bytes).map_err(|source| Failure::NoPicture { path: path.into(), source })?;
    Backdrop::learn(&[&picture], models).map_err(failed)
}

fn colour(text: &str) -> Result<Rgb, String> {
    let wrong = || format!("{text:?} is not R,G,B, each 0 to 255");
    let parts: Result<Vec<u8>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    parts.ok().and_then(|parts| parts.try_into().ok()).map(Rgb).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_background_is_three_bytes() {
        assert_eq!(colour("100, 197,255"), Ok(Rgb([100, 197, 255])));
        for text in ["", "1,2", "1,2,3,4", "1,2,256", "-1,2,3", "blue"] {
            assert!(colour(text).is_err(), "{text:?} is no colour");
        }
    }
}
