//! The network that comes with the program; `models/weights` holds it with its card.

use super::error::NetworkError;
use super::manifest::Manifest;
use super::network::Network;

/// Name of the manifest in messages and in the folder of weights.
const MANIFEST: &str = "muscle_network.toml";

impl Network {
    /// The network of muscles that was trained on virtual patients.
    ///
    /// # Errors
    /// Only if the program was built with damaged files, which a test rules out.
    ///
    /// # Examples
    /// ```
    /// use coxa_network::Network;
    ///
    /// let network = Network::muscles().unwrap();
    /// assert!(network.manifest().labels.values().any(|name| name == "gluteus_medius_right"));
    /// ```
    pub fn muscles() -> Result<Network, NetworkError> {
        let manifest = Manifest::from_toml(include_str!("../../weights/muscle_network.toml"), MANIFEST)?;
        Network::new(manifest, MANIFEST, |_| Ok(include_bytes!("../../weights/muscle_network.onnx").to_vec()))
    }
}
