//! Two of the latest four agree, and nobody contradicts.

use domain::document::{DocumentKind, DocumentNumber};
use domain::person_name::PersonName;
use reader::document::{Seen, ShowAdvice, Sighting, Source, Votes};

const ONE: &str = "11010519491231002X";
const OTHER: &str = "330106200405170021";

fn seen(number: &str, name: Option<&str>) -> Sighting {
    let document = DocumentNumber::parse(DocumentKind::ResidentId, number).unwrap();
    let name = name.map(|name| PersonName::parse(name).unwrap());
    let (sex, birth) = (document.sex(), document.birth_date());
    Sighting::Seen(Box::new(Seen {
        document,
        name,
        latin_name: None,
        sex,
        birth,
        expires: None,
        source: Source::CardFace,
    }))
}

fn missed(advice: ShowAdvice) -> Sighting {
    Sighting::Missed(advice)
}

/// The number and name agreed after all these looks.
fn agreed(sightings: impl IntoIterator<Item = Sighting>) -> Option<(String, Option<String>)> {
    let mut votes = Votes::new();
    sightings.into_iter().for_each(|sighting| votes.add(sighting));
    let name = |seen: &Seen| seen.name.as_ref().map(|name| name.as_str().to_owned());
    votes.agreed().map(|seen| (seen.document.as_str().to_owned(), name(seen)))
}

#[test]
fn two_looks_that_say_the_same_agree() {
    let both = Some((ONE.to_owned(), Some("张三".to_owned())));
    assert_eq!(agreed([seen(ONE, Some("张三"))]), None, "one look proves little");
    assert_eq!(agreed([seen(ONE, Some("张三")), seen(ONE, Some("张三"))]), both, "two do");
    let between = [
        seen(ONE, Some("张三")),
        missed(ShowAdvice::HoldStill),
        missed(ShowAdvice::Glare),
        seen(ONE, Some("张三")),
    ];
    assert_eq!(agreed(between), both, "misses between do no harm");
}

#[test]
fn a_contradiction_is_waited_out() {
    assert_eq!(
        agreed([seen(ONE, Some("张三")), seen(OTHER, Some("李四")), seen(ONE, Some("张三"))]),
        None,
        "two cards in turn"
    );
    let later = [
        seen(OTHER, None),
        seen(ONE, Some("张三")),
        seen(ONE, Some("张三")),
        seen(ONE, Some("张三")),
        seen(ONE, Some("张三")),
    ];
    assert!(agreed(later).is_some(), "the other one has left the latest four");
}

#[test]
fn a_name_is_agreed_by_itself() {
    let once = [seen(ONE, Some("张三")), seen(ONE, None), seen(ONE, None)];
    assert_eq!(agreed(once.clone()), None, "the name is waited for");
    let patient = once.into_iter().chain([seen(ONE, None)]);
    assert_eq!(agreed(patient), Some((ONE.to_owned(), None)), "then the number goes without it");
    let two_names =
        [seen(ONE, Some("张三")), seen(ONE, Some("张二")), seen(ONE, Some("张三")), seen(ONE, Some("张二"))];
    assert_eq!(agreed(two_names), Some((ONE.to_owned(), None)), "names that differ are no name");
}

#[test]
fn advice_comes_after_a_while() {
    let advice = |sightings: &[Sighting]| {
        let mut votes = Votes::new();
        sightings.iter().for_each(|sighting| votes.add(sighting.clone()));
        votes.disagree()
    };
    let closer = missed(ShowAdvice::MoveCloser);
    assert_eq!(advice(&[closer.clone(), closer.clone()]), None, "not at once");
    let mostly = [closer.clone(), missed(ShowAdvice::HoldStill), closer.clone(), closer];
    assert_eq!(advice(&mostly), Some(ShowAdvice::MoveCloser), "the commonest hindrance");
    let turns = [seen(ONE, None), seen(OTHER, None), seen(ONE, None), seen(OTHER, None)];
    assert_eq!(advice(&turns), Some(ShowAdvice::CantAgree), "numbers in turn");
    assert_eq!(advice(&[seen(ONE, Some("张三")), seen(ONE, Some("张三"))]), None, "an agreement needs none");
}

#[test]
fn nothing_seen_is_printed() {
    let mut votes = Votes::new();
    votes.add(seen(ONE, Some("张三")));
    votes.add(seen(ONE, Some("张三")));
    let printed = format!("{votes:?} {:?} {:?}", votes.agreed(), seen(ONE, Some("张三")));
    for personal in [ONE, "张三", "1949", &ONE[12..]] {
        assert!(!printed.contains(personal), "{printed} shows {personal}");
    }
}
