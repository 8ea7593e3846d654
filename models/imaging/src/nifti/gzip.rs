//! gzip on all threads: blocks are deflated on their own and joined into one member, as pigz does.

use super::error::Problem;
use super::stored::Stored;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use rayon::prelude::*;
use std::io::{self, Write};

/// Voxels to a block. The boundaries depend on nothing else, so that the bytes are the same on any number of
/// threads.
const BLOCK: usize = 1 << 19;

/// Blocks in memory at a time.
const BATCH: usize = 16;

/// The fastest: the noise of a CT does not compress at any level, and labels do at every one.
const LEVEL: Compression = Compression::new(1);

/// Writes one gzip member of the header and the voxels.
pub(super) fn write<T: Stored>(out: &mut impl Write, header: &[u8], voxels: &[T]) -> Result<(), Problem> {
    // No name and no time, so that equal volumes give equal files.
    out.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255])?;
    let mut crc = Crc::new();
    let mut emit = |(deflated, block_crc): (Vec<u8>, Crc)| {
        crc.combine(&block_crc);
        out.write_all(&deflated)
    };
    emit(deflate(header)?)?;
    let blocks: Vec<&[T]> = voxels.chunks(BLOCK).collect();
    for batch in blocks.chunks(BATCH) {
        let deflated: Vec<_> = batch
            .par_iter()
            .map(|values| {
                let mut bytes = Vec::with_capacity(values.len() * T::BYTES);
                T::append(values, &mut bytes);
                deflate(&bytes)
            })
            .collect::<io::Result<_>>()?;
        deflated.into_iter().try_for_each(&mut emit)?;
    }
    // An empty last block ends the stream.
    out.write_all(&[3, 0])?;
    out.write_all(&crc.sum().to_le_bytes())?;
    out.write_all(&crc.amount().to_le_bytes())?;
    Ok(())
}

/// Deflates bytes up to a byte boundary without ending the stream.
fn deflate(bytes: &[u8]) -> io::Result<(Vec<u8>, Crc)> {
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut compress = Compress::new(LEVEL, false);
    let mut deflated = Vec::with_capacity(bytes.len() / 2 + 1024);
    loop {
        let done = compress.total_in() as usize;
        let status = compress.compress_vec(&bytes[done..], &mut deflated, FlushCompress::Sync);
        if status.map_err(io::Error::other)? == Status::StreamEnd {
            return Err(io::Error::other("the compression ended unexpectedly"));
        }
        // Room left over means that all of the input and the flush are out.
        if compress.total_in() as usize == bytes.len() && deflated.len() < deflated.capacity() {
            return Ok((deflated, crc));
        }
        deflated.reserve(deflated.capacity().max(1024));
    }
}
