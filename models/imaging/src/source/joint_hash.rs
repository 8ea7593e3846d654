//! One hash of several files.

/// BLAKE3 over the sorted hashes.
pub(crate) fn joint_hash(mut hashes: Vec<blake3::Hash>) -> String {
    hashes.sort_by_key(|hash| *hash.as_bytes());
    let mut joint = blake3::Hasher::new();
    for hash in &hashes {
        joint.update(hash.as_bytes());
    }
    joint.finalize().to_hex().to_string()
}
