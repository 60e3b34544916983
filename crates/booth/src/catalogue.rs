//! What the booth offers: its own programmes, overlaid by those that the campus sent and by its prices. It is arranged anew as a whole,
//! and only while nobody is here.
//!
//! What central sends is read as the booth's own files are. What can't be used is passed over, and the programme stays as it was.

use crate::documents;
use crate::programmes::{self, MOST, ProgrammeError};
use crate::startup::StartError;
use domain::Fen;
use domain::programme::{PayWhen, Programme};
use portrait::Specification;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A programme as central sent it, or its withdrawal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentProgramme {
    /// The file; nothing where only the booth's own is known.
    pub toml: Option<String>,
    /// Whether it is offered. Who has an order in one that isn't can finish it.
    pub offered: bool,
}

/// A price as central set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentPrice {
    /// The programme's name.
    pub programme: String,
    /// What it is for.
    pub item: PricedItem,
    /// The price of one, in fen.
    pub fen: u64,
}

/// What a price is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "snake_case")]
pub(crate) enum PricedItem {
    /// The electronic photo.
    ElectronicPhoto,
    /// Sending prints.
    Postage,
    /// A sheet of this print.
    PrintedSheet {
        /// The print's name.
        print: String,
    },
}

/// All that central sent of programmes and prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Programmes by their names.
    pub programmes: BTreeMap<String, SentProgramme>,
    /// Prices.
    pub prices: Vec<SentPrice>,
}

/// A programme or price of central's that can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// The file.
    #[error("the file is no programme")]
    File(#[from] ProgrammeError),
    /// It says another name than it was sent under.
    #[error("the file is that of another programme")]
    OtherName,
    /// Its specification.
    #[error("its specification can't be used")]
    Specification(#[from] portrait::SpecificationError),
    /// A size of prints.
    #[error("a print can't be laid out")]
    Print(#[source] documents::DocumentError),
    /// More programmes than the screen holds, or none.
    #[error("the booth offers 1 to {MOST} programmes")]
    Count,
    /// A price for something that isn't offered, or above the limit, or where the school pays.
    #[error("the price is for nothing that is sold, or above its limit")]
    Price,
}

/// The booth's own programmes, and where specifications are.
#[derive(Debug)]
pub(crate) struct Shelf {
    own: Vec<Programme>,
    specifications: PathBuf,
}

/// What is offered now.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue {
    /// What a student can choose.
    pub offered: Vec<Arc<Programme>>,
    withdrawn: Vec<Arc<Programme>>,
    specifications: BTreeMap<String, Arc<Specification>>,
}

impl Catalogue {
    /// The programme of this name, if it is offered.
    pub fn offered(&self, id: &str) -> Option<&Arc<Programme>> {
        self.offered.iter().find(|programme| programme.id == id)
    }

    /// The programme of this name, offered or withdrawn.
    pub fn known(&self, id: &str) -> Option<&Arc<Programme>> {
        self.offered(id).or_else(|| self.withdrawn.iter().find(|programme| programme.id == id))
    }

    /// The programme's specification.
    pub fn specification(&self, programme: &Programme) -> Option<&Arc<Specification>> {
        self.specifications.get(&programme.specification)
    }
}

impl Shelf {
    /// Reads the booth's own programmes with their specifications; one that can't be used is an error here.
    ///
    /// # Errors
    /// [`StartError`], naming what is wrong.
    pub fn open(assets: &Path) -> Result<Self, StartError> {
        let own = programmes::load(&assets.join("programmes"))?;
        let shelf = Self { own, specifications: assets.join("specs") };
        for programme in &shelf.own {
            let specification = shelf.specification(&programme.specification)?;
            check_prints(programme, &specification).map_err(|(print, source)| StartError::Print {
                programme: programme.id.clone(),
                print,
                source,
            })?;
        }
        Ok(shelf)
    }

    fn specification(&self, name: &str) -> Result<Specification, portrait::SpecificationError> {
        Specification::load(&self.specifications.join(format!("{name}.toml")))
    }

    /// The programme in a file that central sent under the name `id`.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn read(&self, id: &str, toml: &str) -> Result<Programme, Unusable> {
        let programme = programmes::parse(toml, Path::new("central"))?;
        if programme.id != id {
            return Err(Unusable::OtherName);
        }
        let specification = self.specification(&programme.specification)?;
        check_prints(&programme, &specification).map_err(|(_, source)| Unusable::Print(source))?;
        Ok(programme)
    }

    /// What is offered with all that central sent, and what of it can't be used.
    pub fn arrange(&self, sent: &Sent) -> (Catalogue, Vec<(String, Unusable)>) {
        let mut unusable = vec![];
        let mut all: BTreeMap<String, (Programme, bool)> =
            self.own.iter().map(|own| (own.id.clone(), (own.clone(), true))).collect();
        for (id, sent) in &sent.programmes {
            match sent.toml.as_ref().map(|toml| self.read(id, toml)) {
                Some(Ok(programme)) => drop(all.insert(id.clone(), (programme, sent.offered))),
                Some(Err(error)) => unusable.push((id.clone(), error)),
                None => {
                    if let Some((_, offered)) = all.get_mut(id) {
                        *offered = sent.offered;
                    }
                }
            }
        }
        self.keep_a_count(&mut all, &mut unusable);
        for price in &sent.prices {
            let programme = all.get_mut(&price.programme).map(|(programme, _)| programme);
            if programme.is_none_or(|programme| !set_price(programme, price)) {
                unusable.push((price.programme.clone(), Unusable::Price));
            }
        }
        (self.catalogue(all, &mut unusable), unusable)
    }

    /// One programme at least is offered, and not more than fit: else those that central sent give way to the booth's own.
    fn keep_a_count(
        &self,
        all: &mut BTreeMap<String, (Programme, bool)>,
        unusable: &mut Vec<(String, Unusable)>,
    ) {
        let offered = all.values().filter(|(_, offered)| *offered).count();
        if (1..=MOST).contains(&offered) {
            return;
        }
        for (id, (_, offered)) in all.iter_mut() {
            let own = self.own.iter().any(|own| own.id == *id);
            if *offered != own {
                unusable.push((id.clone(), Unusable::Count));
            }
            *offered = own;
        }
    }

    /// The booth's own come first, in the order of their files.
    fn catalogue(
        &self,
        mut all: BTreeMap<String, (Programme, bool)>,
        unusable: &mut Vec<(String, Unusable)>,
    ) -> Catalogue {
        let own = self.own.iter().filter_map(|own| all.remove(&own.id)).collect::<Vec<_>>();
        let (mut offered, mut withdrawn, mut specifications) = (vec![], vec![], BTreeMap::new());
        for (programme, is_offered) in own.into_iter().chain(all.into_values()) {
            let name = programme.specification.clone();
            match self.specification(&name) {
                Ok(specification) => drop(specifications.insert(name, Arc::new(specification))),
                Err(error) => unusable.push((programme.id.clone(), error.into())),
            }
            let programme = Arc::new(programme);
            if is_offered { offered.push(programme) } else { withdrawn.push(programme) }
        }
        Catalogue { offered, withdrawn, specifications }
    }
}

/// Whether the programme sells this, for so much.
fn set_price(programme: &mut Programme, price: &SentPrice) -> bool {
    let Ok(fen) = Fen::new(price.fen) else { return false };
    let by_school = programme.pay_when == PayWhen::BySchool && fen != Fen::ZERO;
    match &price.item {
        PricedItem::Postage => programme.postage = fen,
        _ if by_school => return false,
        PricedItem::ElectronicPhoto => programme.photo_price = fen,
        PricedItem::PrintedSheet { print } => {
            let Some(print) = programme.prints.iter_mut().find(|known| known.id == *print) else {
                return false;
            };
            print.sheet_price = fen;
        }
    }
    true
}

/// A size that can't be printed is refused now, and not after somebody has paid for it.
fn check_prints(
    programme: &Programme,
    specification: &Specification,
) -> Result<(), (String, documents::DocumentError)> {
    programme.prints.iter().try_for_each(|print| {
        documents::check_print(programme, print, specification).map_err(|source| (print.id.clone(), source))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets")
    }

    fn degree(from: &str, to: &str) -> String {
        let text = std::fs::read_to_string(assets().join("programmes/degree.toml")).unwrap();
        assert!(text.contains(from), "{from} stands in the file");
        text.replacen(from, to, 1)
    }

    fn sent(id: &str, toml: Option<String>, offered: bool) -> Sent {
        let programmes = [(id.to_owned(), SentProgramme { toml, offered })].into();
        Sent { programmes, prices: vec![] }
    }

    fn ids(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.offered.iter().map(|programme| programme.id.as_str()).collect()
    }

    #[test]
    fn what_central_sends_replaces_and_adds_and_the_rest_stays() {
        let shelf = Shelf::open(&assets()).unwrap();
        let (own, unusable) = shelf.arrange(&Sent::default());
        assert_eq!((ids(&own), unusable.len()), (vec!["degree", "freshman", "one-inch"], 0));
        let mut both = sent("degree", Some(degree("shots = 5", "shots = 7")), true);
        let added = degree("id = \"degree\"", "id = \"evening\"");
        both.programmes.insert("evening".into(), SentProgramme { toml: Some(added), offered: true });
        let (catalogue, unusable) = shelf.arrange(&both);
        assert!(unusable.is_empty(), "{unusable:?}");
        assert_eq!(ids(&catalogue), ["degree", "freshman", "one-inch", "evening"]);
        assert_eq!(catalogue.offered("degree").unwrap().shots, 7);
        assert!(catalogue.specification(catalogue.offered("evening").unwrap()).is_some());
    }

    #[test]
    fn a_withdrawn_programme_is_known_and_not_offered() {
        let shelf = Shelf::open(&assets()).unwrap();
        let (catalogue, unusable) = shelf.arrange(&sent("freshman", None, false));
        assert!(unusable.is_empty() && catalogue.offered("freshman").is_none());
        assert!(catalogue.known("freshman").is_some(), "who has paid can still finish");
        let mut all = sent("freshman", None, false);
        for id in ["degree", "one-inch"] {
            all.programmes.insert(id.into(), SentProgramme { toml: None, offered: false });
        }
        let (catalogue, unusable) = shelf.arrange(&all);
        assert_eq!((catalogue.offered.len(), unusable.len()), (3, 3), "a booth offers something");
    }

    #[test]
    fn what_cannot_be_used_leaves_the_booths_own() {
        let shelf = Shelf::open(&assets()).unwrap();
        for (id, toml) in [
            ("degree", degree("shots = 5", "shots = 0")),
            ("degree", "not toml".to_owned()),
            ("freshman", degree("shots = 5", "shots = 6")),
            ("degree", degree("specification = \"", "specification = \"no-such-")),
        ] {
            let (catalogue, unusable) = shelf.arrange(&sent(id, Some(toml), true));
            assert_eq!((unusable.len(), unusable[0].0.as_str()), (1, id), "{unusable:?}");
            assert_eq!(catalogue.offered("degree").unwrap().shots, 5, "as before");
        }
    }

    #[test]
    fn prices_stand_over_the_files() {
        let shelf = Shelf::open(&assets()).unwrap();
        let price = |programme: &str, item, fen| SentPrice { programme: programme.into(), item, fen };
        let sheet = |print: &str| PricedItem::PrintedSheet { print: print.into() };
        let prices = vec![
            price("degree", PricedItem::ElectronicPhoto, 990),
            price("degree", sheet("one-inch"), 120),
            price("degree", PricedItem::Postage, 0),
            price("degree", sheet("poster"), 100),
            price("degree", PricedItem::ElectronicPhoto, 2_000_000),
            price("wedding", PricedItem::ElectronicPhoto, 1),
        ];
        let (catalogue, unusable) = shelf.arrange(&Sent { prices, ..Sent::default() });
        let degree = catalogue.offered("degree").unwrap();
        let one_inch = degree.print("one-inch").unwrap().sheet_price;
        assert_eq!((degree.photo_price.fen(), one_inch.fen(), degree.postage.fen()), (990, 120, 0));
        assert_eq!(unusable.len(), 3, "{unusable:?}");
    }
}
