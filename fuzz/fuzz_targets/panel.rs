//! Any bytes as `panel.json`, a picture, what lies over it, and hashes of a module in a case, parted by lines of `%%%%`: they are a panel that can be shown and
//! kept again, or are refused with words.

#![no_main]

use coxa_panel::{OPACITY, read, read_all, write};
use libfuzzer_sys::fuzz_target;

const MARK: &[u8] = b"\n%%%%\n";

fuzz_target!(|bytes: &[u8]| {
    let case = tempfile::tempdir().expect("a folder");
    let folder = case.path().join("modules/a");
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut rest = bytes;
    for name in ["panel.json", "picture_1.png", "overlay_1.png", "SHA256SUMS"] {
        let end = rest.windows(MARK.len()).position(|window| window == MARK);
        std::fs::write(folder.join(name), &rest[..end.unwrap_or(rest.len())]).expect("a file");
        rest = end.map(|end| &rest[end + MARK.len()..]).unwrap_or_default();
    }
    let found = read_all(case.path());
    assert_eq!(found.panels.len() + found.problems.len(), 1);
    assert!(found.problems.iter().all(|problem| !problem.to_string().is_empty()));
    for stored in found.panels {
        for picture in &stored.panel.pictures {
            assert_eq!(picture.rgb(OPACITY).len(), 3 * picture.size_px[0] * picture.size_px[1]);
        }
        write(case.path(), &stored.panel).expect("what was read can be kept");
        let again = read(case.path(), "a").expect("what was kept can be read");
        assert!(again.changed.is_empty());
    }
});
