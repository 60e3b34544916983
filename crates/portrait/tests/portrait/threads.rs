//! The same input gives the same bytes, however many threads ask at once.

use std::thread;

use portrait::{Options, take};

use crate::sample::{models, person, specification};

#[test]
fn one_two_and_four_threads_at_once_give_the_same_bytes() {
    let spec = specification("degree");
    let frames = ["p03__blue_cloth", "p09__white"].map(person);
    let make = |i: usize| {
        let photo = take(&frames[i % 2], &spec, models(), &Options::default()).unwrap();
        (photo.jpeg, photo.matte.alpha16())
    };
    let expected = [make(0), make(1)];
    for threads in [1, 2, 4] {
        let results: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|i| scope.spawn(move || make(i))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for (i, result) in results.iter().enumerate() {
            assert!(result == &expected[i % 2], "thread {i} of {threads} gives the same file and alpha");
        }
    }
}
