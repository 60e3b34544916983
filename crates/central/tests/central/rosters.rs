//! The school's lists, and what booths hear of them.

use crate::bench::{Bench, Booth, json};
use central::rosters::{self, Changed};
use domain::document::DocumentKind;
use domain::programme::Kind;
use domain::roster::RosterEntry;
use domain::{DocumentNumber, PersonName, StudentNumber};
use protocol::directory::{Item, Page};
use std::collections::BTreeMap;

fn entry(n: u32) -> RosterEntry {
    RosterEntry {
        document: DocumentNumber::parse(DocumentKind::Passport, &format!("E{n:08}")).unwrap(),
        name: PersonName::parse("测试甲").unwrap(),
        student_number: StudentNumber::parse(&format!("2026{n:06}")).unwrap(),
        college: "物理学院".into(),
        major: String::new(),
        class_name: String::new(),
        year: Some(2026),
    }
}

impl Bench {
    async fn replace(&self, entries: &[RosterEntry]) -> Changed {
        let mut client = self.central.pool.get().await.unwrap();
        rosters::replace(&mut client, self.campus, Kind::Degree, entries).await.unwrap()
    }

    /// Everything after a cursor: college by document's number, nothing for those taken back; and the cursor after it.
    async fn pull(&self, booth: &Booth, mut after: u64) -> (BTreeMap<String, Option<String>>, u64) {
        let mut heard = BTreeMap::new();
        loop {
            let page: Page = json(self.get(booth, &format!("/v1/directory?after={after}")).await).await;
            for entry in page.entries {
                let Item::RosterEntry(entry) = entry.item else { panic!("another item") };
                heard.insert(entry.document_number, entry.student.map(|student| student.college));
            }
            after = page.cursor;
            if !page.more {
                return (heard, after);
            }
        }
    }
}

#[tokio::test]
async fn booths_hear_a_list_once_and_then_what_has_changed() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let mut entries: Vec<_> = (0..2_500).map(entry).collect();
    assert_eq!(bench.replace(&entries).await, Changed { written: 2_500, removed: 0 });
    let (heard, cursor) = bench.pull(&booth, 0).await;
    assert_eq!(heard.len(), 2_500);
    assert_eq!(bench.replace(&entries).await, Changed::default(), "the same list changes nothing");
    assert_eq!(bench.pull(&booth, cursor).await.0, BTreeMap::new());

    entries.truncate(2_499);
    entries[7].college = "化学学院".into();
    assert_eq!(bench.replace(&entries).await, Changed { written: 1, removed: 1 });
    let expected = [("E00000007".to_owned(), Some("化学学院".to_owned())), ("E00002499".to_owned(), None)];
    assert_eq!(bench.pull(&booth, cursor).await.0, BTreeMap::from(expected));
    assert_eq!(bench.number("SELECT count(*) FROM roster WHERE name IS NOT NULL", &[]).await, 2_499);
}

#[tokio::test]
async fn a_hundred_thousand_people_are_taken_in_one_go() {
    let bench = Bench::new().await;
    let entries: Vec<_> = (0..100_000).map(entry).collect();
    assert_eq!(bench.replace(&entries).await.written, 100_000);
    assert_eq!(bench.replace(&[]).await.removed, 100_000);
}
