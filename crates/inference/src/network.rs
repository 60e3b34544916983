//! One network: a session behind a lock, and the layout of its picture input.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::{TensorRef, ValueType};

use crate::engine::readable;
use crate::{Engine, InferenceError, ModelError};

/// Where the channels stand in a picture input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// 1 x height x width x 3.
    ChannelsLast,
    /// 1 x 3 x height x width.
    ChannelsFirst,
    /// No picture: 1 x points x 2.
    Points,
}

/// One output of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// The length of each dimension, the outermost first.
    pub shape: Vec<usize>,
    /// The values, the innermost dimension's side by side.
    pub values: Vec<f32>,
}

/// One network, run by one thread at a time.
#[derive(Debug)]
pub struct Network {
    name: &'static str,
    path: PathBuf,
    layout: Layout,
    session: Mutex<Session>,
}

impl Network {
    /// Loads `directory/name.onnx`, to run on `threads` threads.
    ///
    /// # Errors
    /// [`ModelError::Missing`], [`ModelError::Corrupt`], or [`ModelError::Unexpected`] for a network whose first input
    /// has none of the layouts.
    pub fn load(
        engine: &Engine,
        directory: &Path,
        name: &'static str,
        threads: NonZeroUsize,
    ) -> Result<Self, ModelError> {
        let path = directory.join(name).with_extension("onnx");
        readable(&path)?;
        let session = open(engine.environment(), &path, threads)
            .map_err(|source| ModelError::Corrupt { path: path.clone(), source })?;
        let layout = layout_of(&session).ok_or_else(|| ModelError::Unexpected { path: path.clone() })?;
        Ok(Self { name, path, layout, session: Mutex::new(session) })
    }

    /// Runs the network on one picture of interleaved RGB (`width * height * 3` values) and gives each output's
    /// values, in the network's order.
    ///
    /// # Errors
    /// [`InferenceError::Run`].
    pub fn run(&self, rgb: &[f32], width: usize, height: usize) -> Result<Vec<Vec<f32>>, InferenceError> {
        let outputs = self.run_picture(rgb, width, height)?;
        Ok(outputs.into_iter().map(|output| output.values).collect())
    }

    /// As [`Network::run`], with the outputs' shapes, for a network whose outputs grow with its input.
    ///
    /// # Errors
    /// [`InferenceError::Run`].
    pub fn run_picture(
        &self,
        rgb: &[f32],
        width: usize,
        height: usize,
    ) -> Result<Vec<Tensor>, InferenceError> {
        let planar;
        let (shape, values): ([usize; 4], &[f32]) = match self.layout {
            Layout::ChannelsLast | Layout::Points => ([1, height, width, 3], rgb),
            Layout::ChannelsFirst => {
                planar = planes(rgb);
                ([1, 3, height, width], &planar)
            }
        };
        self.run_tensor(values, &shape)
    }

    /// Runs the network on values of any shape and gives each output's values, in the network's order.
    ///
    /// # Errors
    /// [`InferenceError::Run`].
    pub fn run_values(&self, values: &[f32], shape: &[usize]) -> Result<Vec<Vec<f32>>, InferenceError> {
        Ok(self.run_tensor(values, shape)?.into_iter().map(|output| output.values).collect())
    }

    /// What the network's file says of itself under `key`; `None` if it says nothing.
    ///
    /// # Errors
    /// [`ModelError::Corrupt`] if the file's notes cannot be read.
    pub fn note(&self, key: &str) -> Result<Option<String>, ModelError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let notes =
            session.metadata().map_err(|source| ModelError::Corrupt { path: self.path.clone(), source })?;
        Ok(notes.custom(key))
    }

    /// The error for outputs of another shape.
    #[must_use]
    pub fn unexpected(&self) -> InferenceError {
        InferenceError::Outputs { network: self.name }
    }

    /// The error for a file that is another network than the program knows.
    #[must_use]
    pub fn unknown(&self) -> ModelError {
        ModelError::Unexpected { path: self.path.clone() }
    }

    fn run_tensor(&self, values: &[f32], shape: &[usize]) -> Result<Vec<Tensor>, InferenceError> {
        let failed = |source| InferenceError::Run { network: self.name, source };
        let input = TensorRef::from_array_view((shape, values)).map_err(failed)?;
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(ort::inputs![input]).map_err(failed)?;
        outputs
            .values()
            .map(|value| {
                let (shape, values) = value.try_extract_tensor::<f32>().map_err(failed)?;
                let shape = shape.iter().map(|&length| usize::try_from(length).unwrap_or_default()).collect();
                Ok(Tensor { shape, values: values.to_vec() })
            })
            .collect()
    }
}

/// Opens a session. Spinning would burn a core between operators.
fn open(environment: &Environment, path: &Path, threads: NonZeroUsize) -> ort::Result<Session> {
    let mut builder = Session::builder(environment)?
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(threads.get())?
        .with_config_entry("session.intra_op.allow_spinning", "0")?;
    builder.commit_from_file(path)
}

/// The layout of the first input, if it is a picture or a set of points.
fn layout_of(session: &Session) -> Option<Layout> {
    match session.inputs().first()?.dtype() {
        ValueType::Tensor { shape, .. } if shape.len() == 4 && shape[3] == 3 => Some(Layout::ChannelsLast),
        ValueType::Tensor { shape, .. } if shape.len() == 4 && shape[1] == 3 => Some(Layout::ChannelsFirst),
        ValueType::Tensor { shape, .. } if shape.len() == 3 && shape[2] == 2 => Some(Layout::Points),
        _ => None,
    }
}

fn planes(rgb: &[f32]) -> Vec<f32> {
    (0..3).flat_map(|channel| rgb.iter().skip(channel).step_by(3).copied()).collect()
}
