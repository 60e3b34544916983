//! One network: a session behind a lock, and the layout of its picture input.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::{TensorRef, ValueType};

use super::{InferenceError, ModelError, readable};

/// Where the channels stand in a picture input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// 1 x height x width x 3.
    ChannelsLast,
    /// 1 x 3 x height x width.
    ChannelsFirst,
    /// No picture: 1 x points x 2.
    Points,
}

/// One network, run by one thread at a time.
#[derive(Debug)]
pub(crate) struct Network {
    name: &'static str,
    layout: Layout,
    session: Mutex<Session>,
}

impl Network {
    /// Loads `directory/name.onnx`.
    pub(super) fn load(
        environment: &Environment,
        directory: &Path,
        name: &'static str,
        threads: NonZeroUsize,
    ) -> Result<Self, ModelError> {
        let path = directory.join(name).with_extension("onnx");
        readable(&path)?;
        let session = open(environment, &path, threads)
            .map_err(|source| ModelError::Corrupt { path: path.clone(), source })?;
        let layout = layout_of(&session).ok_or(ModelError::Unexpected { path })?;
        Ok(Self { name, layout, session: Mutex::new(session) })
    }

    /// Runs the network on one picture of interleaved RGB (`width * height * 3` values) and gives each output's
    /// values, in the network's order.
    pub(crate) fn run(
        &self,
        rgb: &[f32],
        width: usize,
        height: usize,
    ) -> Result<Vec<Vec<f32>>, InferenceError> {
        let planar;
        let (shape, values): ([usize; 4], &[f32]) = match self.layout {
            Layout::ChannelsLast | Layout::Points => ([1, height, width, 3], rgb),
            Layout::ChannelsFirst => {
                planar = planes(rgb);
                ([1, 3, height, width], &planar)
            }
        };
        self.run_values(values, &shape)
    }

    /// Runs the network on values of any shape and gives each output's values, in the network's order.
    pub(crate) fn run_values(
        &self,
        values: &[f32],
        shape: &[usize],
    ) -> Result<Vec<Vec<f32>>, InferenceError> {
        let failed = |source| InferenceError::Run { network: self.name, source };
        let input = TensorRef::from_array_view((shape, values)).map_err(failed)?;
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let outputs = session.run(ort::inputs![input]).map_err(failed)?;
        outputs
            .values()
            .map(|value| value.try_extract_tensor::<f32>().map(|(_, v)| v.to_vec()).map_err(failed))
            .collect()
    }

    /// The error for outputs of another shape.
    pub(crate) fn unexpected(&self) -> InferenceError {
        InferenceError::Outputs { network: self.name }
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
