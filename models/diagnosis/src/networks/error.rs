//! Why networks were not trained.

use thiserror::Error;

/// Why networks were not trained.
#[derive(Debug, Error)]
pub enum RecipeError {
    /// No Python of the machine has PyTorch.
    #[error(
        "networks are trained by PyTorch, which no python3 on the PATH has; install it (Debian and Ubuntu: apt install python3-torch; elsewhere: python3 -m pip install torch numpy) and run the same command again"
    )]
    NoPyTorch,
    /// The training process stopped before it finished.
    #[error(
        "the training stopped: {line} (training/{log} in the folder of the run has all that Python said)"
    )]
    Stopped {
        /// Last line that Python wrote.
        line: String,
        /// Name of the file with the rest.
        log: &'static str,
    },
    /// The folder holds another training.
    #[error(
        "the folder holds the beginning of another training: its module, table, images, epochs, steps or recipe are others; name another folder, or remove this one"
    )]
    OtherPlan,
    /// Another program trains there.
    #[error("another program is training in this folder; wait for it, or stop it")]
    Busy,
    /// A file could not be written or read.
    #[error("training/{file}: {error}")]
    File {
        /// Name within the folder of the training.
        file: String,
        /// The reason.
        error: std::io::Error,
    },
    /// Answers of a network are not those that were asked for.
    #[error("training/{file} is not what the recipe writes: {what}; remove the folder and train again")]
    Answers {
        /// Name within the folder of the training.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// A graph gives other numbers than the network that it was made of.
    #[error(
        "{file} gives other numbers than the network in PyTorch, by {difference}: a fault of the program or of this version of PyTorch; please report it"
    )]
    Graph {
        /// Name of the graph's file.
        file: String,
        /// Largest difference.
        difference: f64,
    },
}
