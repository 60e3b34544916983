//! The fuzzer's corpus, replayed: whatever once was a new way through a decoder stays one that returns.

use std::path::Path;

#[path = "../../../../tests/fuzz/src/decoders.rs"]
mod decoders;

#[test]
fn every_file_of_the_corpus_is_survived() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let mut total = 0;
    for (name, target) in decoders::TARGETS {
        let files = std::fs::read_dir(corpus.join(name)).unwrap();
        let mut replayed = 0;
        for file in files {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let survived = std::panic::catch_unwind(|| target(&bytes));
            assert!(survived.is_ok(), "{} is survived by {name}", path.display());
            (replayed, total) = (replayed + 1, total + bytes.len());
        }
        assert!(replayed >= 5, "{name} has a corpus, found {replayed} files");
    }
    assert!(total <= 500_000, "the corpus stays small in the tree: {total} bytes");
}
