//! What stands on the invented documents.

use domain::document::{DocumentKind, DocumentNumber};
use image::RgbImage;

use super::camera::sample;

#[derive(serde::Deserialize)]
struct File {
    document: Vec<Truth>,
}

/// One document of the sample folder.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Truth {
    pub file: String,
    pub kind: String,
    pub number: String,
    pub name: Option<String>,
    pub latin_name: Option<String>,
    pub sex: String,
    pub birth: String,
    pub expires: Option<String>,
    pub source: String,
}

impl Truth {
    /// The documents of the folder.
    pub fn all() -> Vec<Self> {
        let text = std::fs::read_to_string(sample("documents/documents.toml")).unwrap();
        toml::from_str::<File>(&text).unwrap().document
    }

    pub fn picture(&self) -> RgbImage {
        image::open(sample("documents").join(&self.file).with_extension("jpg")).unwrap().to_rgb8()
    }

    pub fn document(&self) -> DocumentNumber {
        DocumentNumber::parse(DocumentKind::parse(&self.kind).unwrap(), &self.number).unwrap()
    }
}
