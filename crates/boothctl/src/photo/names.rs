//! What each photo is called, so that no picture's photo takes the place of another's, or of a picture itself.

use super::answer::Refusal;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The names given so far, in one folder.
pub struct Names {
    folder: PathBuf,
    taken: HashMap<OsString, PathBuf>,
    inputs: Vec<PathBuf>,
}

/// Where one picture's files go.
pub struct Targets {
    /// The photo.
    pub photo: PathBuf,
    /// The 16-bit alpha.
    pub alpha: PathBuf,
}

impl Names {
    /// Names in `folder`, which exists, for these pictures.
    pub fn new(folder: &Path, inputs: &[PathBuf]) -> Self {
        // A picture that isn't there has no place that could be overwritten; reading it will tell.
        let inputs = inputs.iter().filter_map(|input| input.canonicalize().ok()).collect();
        Self { folder: folder.to_owned(), taken: HashMap::new(), inputs }
    }

    /// The files of the picture `input`, by its name without extension.
    ///
    /// # Errors
    /// [`Refusal::SameName`], [`Refusal::WouldReplace`] and [`Refusal::NoName`].
    pub fn claim(&mut self, input: &Path) -> Result<Targets, Refusal> {
        let stem = input.file_stem().ok_or(Refusal::NoName)?.to_owned();
        if let Some(first) = self.taken.get(&stem) {
            return Err(Refusal::SameName { first: first.clone() });
        }
        self.taken.insert(stem.clone(), input.to_owned());
        let target = |ending: &str| {
            let mut name = stem.clone();
            name.push(ending);
            self.spare(self.folder.join(name))
        };
        Ok(Targets { photo: target(".jpg")?, alpha: target("_alpha.png")? })
    }

    /// The target, unless it is one of the pictures.
    fn spare(&self, target: PathBuf) -> Result<PathBuf, Refusal> {
        let existing = target.canonicalize().ok();
        if existing.is_some_and(|existing| self.inputs.contains(&existing)) {
            return Err(Refusal::WouldReplace { picture: target });
        }
        Ok(target)
    }
}
