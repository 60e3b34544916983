//! One 1280x720 frame through every stage and the whole way.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use portrait::{Aligned, Composed, Encoded, Face, Frame, Matte, Models, Options, Specification, check, take};

fn asset(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets").join(path)
}

/// The sample person's middle 720 rows: what a booth's camera delivers.
fn frame() -> Result<Frame, Box<dyn std::error::Error>> {
    let whole = Frame::decode(&std::fs::read(asset("sample/faces/p09__white.jpg"))?)?;
    let row = whole.width() as usize * 3;
    Ok(Frame::from_rgb8(1280, 720, whole.rgb()[120 * row..840 * row].to_vec())?)
}

fn stages(criterion: &mut Criterion) -> Result<(), Box<dyn std::error::Error>> {
    let models = Models::load(&Models::default_directory())?;
    let spec = Specification::load(&asset("specs/degree.toml"))?;
    let frame = frame()?;
    let face = Face::find(&frame, &models)?;
    let matte = Matte::new(&frame, &face, &models, None)?;
    let aligned = Aligned::new(&frame, &face, &matte, &spec)?;
    let photo = Composed::new(&matte, &aligned, spec.background.colour, [1.0; 3]);
    let encoded = Encoded::new(&photo, &spec)?;

    let mut group = criterion.benchmark_group("portrait");
    group.sample_size(10);
    group.bench_function("face", |b| b.iter(|| black_box(Face::find(&frame, &models))));
    group.bench_function("matte", |b| b.iter(|| black_box(Matte::new(&frame, &face, &models, None))));
    group.bench_function("align", |b| b.iter(|| black_box(Aligned::new(&frame, &face, &matte, &spec))));
    group.bench_function("compose", |b| {
        b.iter(|| black_box(Composed::new(&matte, &aligned, spec.background.colour, [1.0; 3])));
    });
    group.bench_function("encode", |b| b.iter(|| black_box(Encoded::new(&photo, &spec))));
    group.bench_function("verify", |b| b.iter(|| black_box(check(&encoded, &spec, &models))));
    group
        .bench_function("whole", |b| b.iter(|| black_box(take(&frame, &spec, &models, &Options::default()))));
    group.finish();
    Ok(())
}

fn all(criterion: &mut Criterion) {
    if let Err(error) = stages(criterion) {
        eprintln!("the benchmark cannot run: {error}");
        std::process::exit(1);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
