//! The archive of approved photos.

use super::{office, photo_id};
use crate::batches::photo;
use central::office::Role;
use reqwest::StatusCode;
use std::io::{Cursor, Read as _};

fn open(bytes: Vec<u8>) -> zip::ZipArchive<Cursor<Vec<u8>>> {
    zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive with an end")
}

fn read(archive: &mut zip::ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap_or_else(|_| panic!("{name} is there")).read_to_end(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn an_archive_has_the_approved_photos_and_their_list() {
    let bench = office().await;
    bench.photos(&bench.booth("library").await, 1, 5).await;
    let approved: Vec<_> = (1..=4).map(|n| format!("'{}'", photo_id(n))).collect();
    bench
        .run(&format!(
            "UPDATE collections SET state = 'approved', decided_ms = 1 WHERE photo_id IN ({});
             UPDATE collections SET name = '=../王' WHERE photo_id = '{}'",
            approved.join(","),
            photo_id(4)
        ))
        .await;
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    for (names, programme) in
        [("photo", "degree"), ("{phone}", "degree"), ("{name}", "unknown"), ("{name}", "")]
    {
        let page = reviewer.post("/office/export", &[("programme", programme), ("names", names)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{names} {programme}");
        assert!(page.text().contains(&format!("value=\"{}\"", names)), "what was typed stays");
    }
    let page =
        reviewer.post("/office/export", &[("programme", "degree"), ("names", "{college}{name}")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.headers["content-type"], "application/zip");
    let mut archive = open(page.bytes);
    let mut names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["=.._王.jpg", "list.xlsx", "测试甲-2.jpg", "测试甲-3.jpg", "测试甲.jpg"]);
    assert_eq!(read(&mut archive, "测试甲.jpg"), photo(), "byte by byte as it was delivered");
    let mut list = open(read(&mut archive, "list.xlsx"));
    let sheet = String::from_utf8(read(&mut list, "xl/worksheets/sheet1.xml")).unwrap();
    assert_eq!(sheet.matches("<row ").count(), 5);
    assert!(!sheet.contains("<f>"), "no formula");
    for text in ["2026000001", "E00000001", "=../王", &central::sha256(&photo()).to_string()] {
        assert!(sheet.contains(text), "{text}");
    }
    let told = "SELECT count(*) FROM audit WHERE action = 'exported' AND actor = 'reviewer' AND subject = 'degree' AND detail = '4'";
    assert_eq!(bench.number(told, &[]).await, 1);
}

#[tokio::test]
async fn a_photo_that_the_store_lacks_is_left_out_and_named() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    bench.photos(&booth, 1, 2).await;
    let other = bench.put_photo(&booth, [photo(), vec![0]].concat()).await;
    bench.run("UPDATE collections SET state = 'approved', decided_ms = 1").await;
    bench
        .run(&format!("UPDATE collections SET sha256 = '\\x{other}' WHERE photo_id = '{}'", photo_id(2)))
        .await;
    bench.central.blobs.delete(bench.campus, &other).await.unwrap();
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    let page =
        reviewer.post("/office/export", &[("programme", "degree"), ("names", "{student_number}")]).await;
    let mut archive = open(page.bytes);
    let mut names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["2026000001.jpg", "list.xlsx", "missing.csv"]);
    let missing = String::from_utf8(read(&mut archive, "missing.csv")).unwrap();
    let lines: Vec<_> = missing.lines().skip(1).collect();
    assert_eq!(lines, ["2026000002,038 0000002"], "{missing}");
    let mut list = open(read(&mut archive, "list.xlsx"));
    let sheet = String::from_utf8(read(&mut list, "xl/worksheets/sheet1.xml")).unwrap();
    assert_eq!(sheet.matches("<row ").count(), 2, "the list has what the archive has");
}

#[tokio::test]
async fn an_archive_of_photos_that_cant_be_read_has_no_end() {
    let bench = office().await;
    bench.photos(&bench.booth("library").await, 1, 2).await;
    bench.run("UPDATE collections SET state = 'approved', decided_ms = 1").await;
    // The store itself is damaged: where photos were, there is a file.
    let folder = bench.central.settings.store.folder.join(bench.campus.to_string());
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "").unwrap();
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    let csrf = reviewer.get("/office/export").await.csrf();
    let answer = reviewer
        .http
        .post(bench.url("/office/export"))
        .header("cookie", &reviewer.cookie)
        .header("sec-fetch-site", "same-origin")
        .body(format!("csrf={csrf}&programme=degree&names=%7Bname%7D"))
        .send()
        .await
        .unwrap();
    assert!(answer.bytes().await.is_err(), "the download fails, instead of looking whole");
}
