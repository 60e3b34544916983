//! Which specification `--spec` means: the path of a `.toml` file, or a name in the assets.

use crate::failure::Failure;
use portrait::Specification;
use std::path::{Path, PathBuf};

/// Reads and validates the specification.
///
/// # Errors
/// [`Failure::UnknownSpecification`] with the names that exist, or [`Failure::Specification`] with the file and the field.
pub fn find(text: &str, assets: &Path) -> Result<Specification, Failure> {
    let path =
        if text.ends_with(".toml") { PathBuf::from(text) } else { named(text, &assets.join("specs"))? };
    Specification::load(&path).map_err(|source| Failure::Specification { path, source })
}

fn named(name: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let known = names(folder)?;
    if known.iter().any(|known| known == name) {
        return Ok(folder.join(format!("{name}.toml")));
    }
    Err(Failure::UnknownSpecification { name: name.to_owned(), known: known.join(", ") })
}

/// The names of the specifications in `folder`, sorted.
///
/// # Errors
/// [`Failure::Read`].
pub fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |source| Failure::Read { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(".toml")).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
